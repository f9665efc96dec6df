from django.urls import path

from lms.post import views

urlpatterns = [path("", views.ausgang, name="post_ausgang")]
