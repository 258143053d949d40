using Perennial.Provisioning.Tpm;

namespace Perennial.Server.Connections;

/// <summary>What a device of the provisioning service shows of itself on a connection or with a request; nothing of it is read yet.</summary>
internal abstract record PresentedProof
{
    private PresentedProof()
    {
    }

    /// <summary>Whether nothing was shown.</summary>
    public bool IsEmpty => this is Certificates { Presented.IsEmpty: true };

    /// <summary>What came with the TLS handshake; perhaps nothing did.</summary>
    public sealed record Certificates(PresentedCertificates Presented) : PresentedProof;

    /// <summary>A shared access signature: the password of MQTT and of SASL PLAIN, the Authorization header of HTTP.</summary>
    /// <param name="Text">As it was sent.</param>
    /// <param name="StorageRootKey">The storage root key that a device with a TPM showed before it.</param>
    public sealed record Token(string Text, TpmPublic? StorageRootKey = null) : PresentedProof
    {
        /// <summary>The text stays out of logs.</summary>
        public override string ToString() => "token";
    }

    /// <summary>A token makes it a device with a key, whatever certificate the handshake brought along.</summary>
    public static PresentedProof Of(PresentedCertificates presented, string? token, TpmPublic? storageRootKey = null) =>
        string.IsNullOrEmpty(token) ? new Certificates(presented) : new Token(token, storageRootKey);
}
