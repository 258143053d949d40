using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>An authority outside this service that signs.</summary>
public interface IRemoteAuthority
{
    /// <summary>The certificates of the authority, in any order.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">It does not answer, or does not let this service in.</exception>
    Task<IReadOnlyList<Certificate>> ReadAuthoritiesAsync(KeyAddress address, CancellationToken cancellationToken);

    /// <summary>Asks for a certificate.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="request">The device's request, passed on as it is.</param>
    /// <param name="isAgain">Whether the device had a certificate of it before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">It does not answer, or does not let this service in.</exception>
    Task<RemoteAnswer> EnrollAsync(KeyAddress address, CertificateSigningRequest request, bool isAgain, CancellationToken cancellationToken);
}
