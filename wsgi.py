"""The application for any WSGI server: `granian --interface wsgi wsgi:application`."""

from cityinfo.app import create_app
from cityinfo.settings import Settings

application = create_app(Settings.from_environment())
