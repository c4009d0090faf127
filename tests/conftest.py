"""What all tests share."""

# Home Assistant's test package brings a custom_components of its own: whichever is imported first stays.
import custom_components  # noqa: F401
