"""Departments, clerks, posts, attendance and what else is kept of the people who work in the hall."""
