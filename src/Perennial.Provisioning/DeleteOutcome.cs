namespace Perennial.Provisioning;

public enum DeleteOutcome
{
    Deleted,
    NotFound,
    ETagMismatch,
}
