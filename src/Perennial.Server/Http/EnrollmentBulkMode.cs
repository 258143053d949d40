namespace Perennial.Server.Http;

/// <summary>What a bulk request does with each entry.</summary>
internal enum EnrollmentBulkMode
{
    Create,
    Update,
    UpdateIfMatchETag,
    Delete,
}
