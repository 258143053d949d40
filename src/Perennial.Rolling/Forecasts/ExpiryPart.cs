namespace Perennial.Rolling.Forecasts;

/// <summary>The devices of a group, or those of all individual enrollments.</summary>
/// <param name="Group">The id of the group; null for individual enrollments.</param>
/// <param name="Devices">Devices that are accepted now.</param>
/// <param name="LeafEnded">Those whose own certificate will have ended.</param>
/// <param name="AuthorityEnded">Those whose certificate will be valid and that will be refused all the same, since one above it has ended.</param>
public sealed record ExpiryPart(string? Group, long Devices, long LeafEnded, long AuthorityEnded)
{
    public long Refused => LeafEnded + AuthorityEnded;
}
