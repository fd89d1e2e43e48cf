"""The incident core: lifecycle, paging, timeline, handoff, postmortem; operations and ports."""
