using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>What the hub says, at one instant, of a device id and the credential presented for it.</summary>
public abstract record DeviceVerdict
{
    private DeviceVerdict(string deviceId, PresentedCredential presented, DateTimeOffset at)
    {
        DeviceId = deviceId;
        Presented = presented;
        At = at;
    }

    /// <summary>The id as the device announced it.</summary>
    public string DeviceId { get; }

    public PresentedCredential Presented { get; }

    public DateTimeOffset At { get; }

    /// <summary>The chain presented, or null.</summary>
    public CertificateChain? Chain => (Presented as PresentedCredential.ByCertificate)?.Chain;

    /// <summary>The credential proves the device. Only <see cref="AuthenticateDevice"/> makes one.</summary>
    public sealed record Accepted : DeviceVerdict
    {
        internal Accepted(DeviceIdentity device, PresentedCredential presented, DateTimeOffset at, ConnectionProof proof)
            : base(device.Id.Value, presented, at)
        {
            Device = device;
            Proof = proof;
        }

        public DeviceIdentity Device { get; }

        public ConnectionProof Proof { get; }

        /// <summary>Whether the device is drained: it may obtain a certificate on this connection, and nothing else.</summary>
        public bool ObtainsOnly { get; internal init; }
    }

    public sealed record Refused : DeviceVerdict
    {
        public Refused(string deviceId, PresentedCredential presented, DateTimeOffset at, Refusal refusal, EnrollmentReference? nearest = null)
            : base(deviceId, presented, at)
        {
            Refusal = refusal;
            Nearest = nearest;
        }

        public Refusal Refusal { get; }

        /// <summary>The enrollment that came nearest to taking the device, or that denied it.</summary>
        public EnrollmentReference? Nearest { get; }

        /// <summary>Not null when only a drain refuses the device: what accepts it where it can obtain a certificate.</summary>
        public Accepted? Drained { get; internal init; }
    }
}
