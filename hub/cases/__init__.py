"""办件: cases with their deadlines, complaints, consultations, and what the services promise."""
