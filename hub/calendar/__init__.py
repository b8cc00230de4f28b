"""When the hall works: calendar, opening hours, quotas, the rota of the comprehensive window."""
