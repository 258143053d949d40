using Perennial.Protocol.Hub.Registry;
using Perennial.Provisioning.Allocation;

namespace Perennial.Server.Hubs;

/// <summary>
/// The credential of an assignment as a registry takes it: the presented leaf in both slots, as Azure's service writes it, beside it the one just
/// issued if there is one, or the device's two keys (dps-protocol §5.7).
/// </summary>
internal static class RemoteCredentials
{
    public static AuthenticationDocument Of(HubAssignment assignment) => assignment.Credential switch
    {
        HubCredential.Leaf { Certificate.Thumbprint: var thumbprint, Next: var next } => new AuthenticationDocument
        {
            Type = AuthenticationType.SelfSigned,
            X509Thumbprint = new X509ThumbprintDocument { PrimaryThumbprint = thumbprint.ToString(), SecondaryThumbprint = (next?.Thumbprint ?? thumbprint).ToString() },
            SymmetricKey = new SymmetricKeyDocument(),
        },
        HubCredential.Keys { Slots: var keys } => new AuthenticationDocument
        {
            Type = AuthenticationType.Sas,
            X509Thumbprint = new X509ThumbprintDocument(),
            SymmetricKey = new SymmetricKeyDocument { PrimaryKey = keys.Primary.ToBase64(), SecondaryKey = keys.Secondary.ToBase64() },
        },
        var other => throw new InvalidOperationException($"A hub holds no {other.GetType().Name}."),
    };

    public static bool AreEqual(AuthenticationDocument held, AuthenticationDocument asked) =>
        held.Type == asked.Type
        && Is(held.X509Thumbprint?.PrimaryThumbprint, asked.X509Thumbprint?.PrimaryThumbprint, StringComparison.OrdinalIgnoreCase)
        && Is(held.X509Thumbprint?.SecondaryThumbprint, asked.X509Thumbprint?.SecondaryThumbprint, StringComparison.OrdinalIgnoreCase)
        && Is(held.SymmetricKey?.PrimaryKey, asked.SymmetricKey?.PrimaryKey, StringComparison.Ordinal)
        && Is(held.SymmetricKey?.SecondaryKey, asked.SymmetricKey?.SecondaryKey, StringComparison.Ordinal);

    private static bool Is(string? held, string? asked, StringComparison comparison) => string.Equals(held ?? "", asked ?? "", comparison);
}
