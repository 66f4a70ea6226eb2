"""The deliveries of a month, made for the story that tests/test_story.py plays. No parcel, firm or figure is real."""
