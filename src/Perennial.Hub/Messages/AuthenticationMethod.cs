using Perennial.Hub.Sessions;

namespace Perennial.Hub.Messages;

/// <summary>How the sender of a message proved itself, as it is stamped on the message (hub-protocol §1.10).</summary>
/// <param name="Scope"><c>device</c>, <c>module</c> or <c>hub</c>.</param>
/// <param name="Type"><c>x509</c> or <c>sas</c>.</param>
/// <param name="Issuer"><c>iothub</c>, or <c>external</c> for a leaf of a trusted authority.</param>
public sealed record AuthenticationMethod(string Scope, string Type, string Issuer)
{
    private static readonly AuthenticationMethod Leaf = new("device", "x509", "iothub");
    private static readonly AuthenticationMethod AuthorityLeaf = new("device", "x509", "external");
    private static readonly AuthenticationMethod DeviceKey = new("device", "sas", "iothub");
    private static readonly AuthenticationMethod PolicyKey = new("hub", "sas", "iothub");

    public static AuthenticationMethod Of(ConnectionProof proof, bool isModule = false)
    {
        var method = proof switch
        {
            ConnectionProof.BySymmetricKey or ConnectionProof.ByEnrollment { IsToken: true } => DeviceKey,
            ConnectionProof.ByPolicy => PolicyKey,
            ConnectionProof.ByAuthority => AuthorityLeaf,
            _ => Leaf,
        };
        return isModule && method != PolicyKey ? method with { Scope = "module" } : method;
    }
}
