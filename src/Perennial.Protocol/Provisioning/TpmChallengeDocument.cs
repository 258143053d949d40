using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning;

/// <summary>The body of the 401 that asks a device with a TPM to activate a key and come again with a token signed by it. Source: dps-protocol §4.3.</summary>
public sealed record TpmChallengeDocument : IWireDocument<TpmChallengeDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<TpmChallengeDocument> IWireDocument<TpmChallengeDocument>.TypeInfo => ProvisioningJson.Default.TpmChallengeDocument;

    /// <summary>A text for humans.</summary>
    public string Message { get; init; } = "Authorization required.";

    /// <summary>The wrapped key, base64.</summary>
    public required string AuthenticationKey { get; init; }

    /// <summary>What the token names as its key.</summary>
    public string KeyName { get; init; } = "registration";
}
