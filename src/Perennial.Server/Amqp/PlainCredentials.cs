using Perennial.Provisioning.Tpm;

namespace Perennial.Server.Amqp;

/// <summary>What a peer said with the SASL mechanism PLAIN, or with TPM; nothing of it is proven.</summary>
/// <param name="UserName">The authentication identity.</param>
/// <param name="Password">A shared access signature, when the peer is a device client.</param>
internal sealed record PlainCredentials(string UserName, string Password)
{
    /// <summary>The storage root key that a device with a TPM showed.</summary>
    public TpmPublic? StorageRootKey { get; init; }

    /// <summary>The user name: what may hold a secret stays out of logs.</summary>
    public override string ToString() => UserName;
}
