using Perennial.Hub.Sessions;
using Perennial.X509;

namespace Perennial.Hub.Credentials;

/// <summary>The only way from the hub to whoever issues certificates to its devices.</summary>
public interface ICredentialIssuance
{
    /// <summary>
    /// Has a certificate issued to a connected device. It counts for the device when this returns, beside the one in use. The same request asked again
    /// gets the same answer.
    /// </summary>
    Task<CredentialAnswer> IssueAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CancellationToken cancellationToken);
}
