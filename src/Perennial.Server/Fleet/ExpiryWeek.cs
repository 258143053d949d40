namespace Perennial.Server.Fleet;

/// <summary>How many certificates end within one week.</summary>
/// <param name="Week">Whole weeks from now; 0 is the one that begins now.</param>
/// <param name="Leaves">Certificates of devices: enrolled, or issued by this service and not revoked.</param>
/// <param name="Intermediates">Signing certificates and CA certificates that another one signed.</param>
/// <param name="Roots">CA certificates that signed themselves.</param>
public sealed record ExpiryWeek(int Week, long Leaves, long Intermediates, long Roots)
{
    public long Total => Leaves + Intermediates + Roots;
}
