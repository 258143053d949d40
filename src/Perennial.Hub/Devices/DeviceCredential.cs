using System.Security.Cryptography;
using Perennial.X509;

namespace Perennial.Hub.Devices;

/// <summary>How a device proves itself to the hub.</summary>
public abstract record DeviceCredential
{
    private DeviceCredential()
    {
    }

    /// <summary>What a registry write of <paramref name="asked"/> leaves in the place of <paramref name="stored"/>.</summary>
    /// <remarks>
    /// An identity that follows its enrollment is shown with the thumbprint or the keys it last registered with. Writing back what was shown changes
    /// nothing; writing anything else makes the identity one of the operator's own.
    /// </remarks>
    public static DeviceCredential Replace(DeviceCredential stored, DeviceCredential asked)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return stored is FollowsEnrollment follows && follows.Shown.Equals(asked) ? stored : asked;
    }

    /// <summary>Two keys, of which either signs the device's tokens.</summary>
    public sealed record SymmetricKeys : DeviceCredential
    {
        public const int MinKeyLength = 16;
        public const int MaxKeyLength = 64;

        private SymmetricKeys(ReadOnlyMemory<byte> primary, ReadOnlyMemory<byte> secondary)
        {
            Primary = primary;
            Secondary = secondary;
        }

        public ReadOnlyMemory<byte> Primary { get; }

        public ReadOnlyMemory<byte> Secondary { get; }

        /// <summary>Takes two keys of 16 to 64 bytes each.</summary>
        public static bool TryCreate(ReadOnlyMemory<byte> primary, ReadOnlyMemory<byte> secondary, [NotNullWhen(true)] out SymmetricKeys? keys)
        {
            keys = Fits(primary) && Fits(secondary) ? new SymmetricKeys(primary, secondary) : null;
            return keys is not null;
        }

        public static SymmetricKeys Mint() => new(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));

        public bool Equals(SymmetricKeys? other) =>
            other is not null
            && CryptographicOperations.FixedTimeEquals(Primary.Span, other.Primary.Span)
            && CryptographicOperations.FixedTimeEquals(Secondary.Span, other.Secondary.Span);

        public override int GetHashCode() => HashCode.Combine(Primary.Length, Secondary.Length);

        /// <summary>Never the keys.</summary>
        public override string ToString() => "symmetric keys";

        private static bool Fits(ReadOnlyMemory<byte> key) => key.Length is >= MinKeyLength and <= MaxKeyLength;
    }

    /// <summary>The thumbprints of up to two leaves, as text the way they were written.</summary>
    public sealed record Thumbprints : DeviceCredential
    {
        private const int Sha1Length = 40;
        private const int Sha256Length = 64;

        private Thumbprints(string? primary, string? secondary)
        {
            Primary = primary;
            Secondary = secondary;
        }

        public string? Primary { get; }

        public string? Secondary { get; }

        /// <summary>Takes 40 or 64 hexadecimal digits without separators, or null, for each slot.</summary>
        public static bool TryCreate(string? primary, string? secondary, [NotNullWhen(true)] out Thumbprints? thumbprints)
        {
            thumbprints = Fits(primary) && Fits(secondary) ? new Thumbprints(primary, secondary) : null;
            return thumbprints is not null;
        }

        /// <summary>The SHA-256 thumbprint of one leaf in both slots, as provisioning writes it.</summary>
        public static Thumbprints Of(Thumbprint leaf, Thumbprint? next = null) => new(leaf.ToString(), (next ?? leaf).ToString());

        /// <summary>The slot that holds this leaf, by SHA-1 or SHA-256; the primary is named when both do.</summary>
        public CredentialSlot? SlotOf(Certificate leaf)
        {
            ArgumentNullException.ThrowIfNull(leaf);
            return Holds(Primary, leaf) ? CredentialSlot.Primary
                : Holds(Secondary, leaf) ? CredentialSlot.Secondary
                : null;
        }

        public bool Equals(Thumbprints? other) =>
            other is not null
            && string.Equals(Primary, other.Primary, StringComparison.OrdinalIgnoreCase)
            && string.Equals(Secondary, other.Secondary, StringComparison.OrdinalIgnoreCase);

        public override int GetHashCode() => HashCode.Combine(Hash(Primary), Hash(Secondary));

        public override string ToString() => $"thumbprints {Primary ?? "none"} and {Secondary ?? "none"}";

        private static bool Holds(string? slot, Certificate leaf) => slot is not null && string.Equals(
            slot, slot.Length == Sha1Length ? leaf.Sha1Thumbprint : leaf.Thumbprint.ToString(), StringComparison.OrdinalIgnoreCase);

        private static bool Fits(string? text) =>
            text is null or { Length: Sha1Length or Sha256Length } && (text is null || text.All(char.IsAsciiHexDigit));

        private static int Hash(string? text) => text is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(text);
    }

    /// <summary>Any leaf with the device id as its common name below an authority that the hub trusts.</summary>
    public sealed record CertificateAuthority : DeviceCredential
    {
        public override string ToString() => "certificate authority";
    }

    /// <summary>Whatever the device's enrollment attests at the moment. Made by provisioning.</summary>
    /// <param name="RegistrationId">The id that the device registered under.</param>
    /// <param name="Enrollment">The enrollment that attested it.</param>
    /// <param name="Shown">What it last registered with, in the form that Azure's provisioning writes (hub-protocol §6.3): thumbprints or keys.</param>
    public sealed record FollowsEnrollment(string RegistrationId, EnrollmentReference Enrollment, DeviceCredential Shown) : DeviceCredential
    {
        /// <summary>One that last registered with this leaf.</summary>
        public FollowsEnrollment(string registrationId, EnrollmentReference enrollment, Thumbprint leaf)
            : this(registrationId, enrollment, Thumbprints.Of(leaf))
        {
        }

        public override string ToString() => $"whatever the {Enrollment} attests";
    }
}
