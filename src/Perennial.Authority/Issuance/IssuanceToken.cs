namespace Perennial.Authority.Issuance;

/// <summary>A certificate that was planned and linted: redeemed once, by the issuer that made it.</summary>
public sealed class IssuanceToken
{
    private int _redeemed;

    internal IssuanceToken(Issuer maker, string serialNumber, DateTimeOffset notAfter, byte[] planned)
    {
        Maker = maker;
        SerialNumber = serialNumber;
        NotAfter = notAfter;
        Planned = planned;
    }

    /// <summary>The serial number, upper-case hexadecimal digits.</summary>
    public string SerialNumber { get; }

    /// <summary>The end of the validity.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The bytes to sign.</summary>
    public ReadOnlyMemory<byte> Planned { get; }

    internal Issuer Maker { get; }

    internal bool TryRedeem() => Interlocked.Exchange(ref _redeemed, 1) == 0;
}
