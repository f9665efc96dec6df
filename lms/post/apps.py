from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "lms.post"
    label = "post"
    verbose_name = "Post"
