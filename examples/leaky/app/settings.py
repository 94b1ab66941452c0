"""Settings of the shop."""

import os

DEBUG = False
DATABASE_URL = "postgresql://shop:KGpOyQNcdOyZbk@db.shop-internal.net:5432/orders"
SECRET_KEY = "BFTFoOxtzHq8STZHE6svi34zWH8xMS9BMoXOJrLo8F2nXMzqQd"

# Read from the environment, as it should be.
MAIL_PASSWORD = os.environ["MAIL_PASSWORD"]
