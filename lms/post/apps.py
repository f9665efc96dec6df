from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "lms.post"
    label = "post"
    verbose_name = "Post"

    def ready(self) -> None:
        from lms.core import datenauskunft, mail
        from lms.post.selectors import auskunft_post
        from lms.post.services import queue_text

        mail.register(queue_text)
        datenauskunft.register("post", auskunft_post)
