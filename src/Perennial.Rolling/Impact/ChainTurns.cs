using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>The moments at which what is said of a chain can change as time goes on: only where a certificate ends or begins.</summary>
public static class ChainTurns
{
    /// <param name="certificates">All that can have a part in what is said.</param>
    /// <param name="clockSkew">How far past its end, and before its beginning, a certificate is accepted.</param>
    /// <param name="at">From when on.</param>
    /// <returns>In their order: the last moment at which all is as before, and one at which to look again.</returns>
    public static IReadOnlyList<(DateTimeOffset Last, DateTimeOffset Look)> Of(IEnumerable<Certificate> certificates, TimeSpan clockSkew, DateTimeOffset at) =>
    [
        .. certificates
            .SelectMany(certificate => new[]
            {
                (Last: certificate.NotAfter, Look: certificate.NotAfter + clockSkew + TimeSpan.FromSeconds(1)),
                (Last: certificate.NotBefore, Look: certificate.NotBefore - clockSkew),
            })
            .Where(turn => turn.Look > at)
            .Distinct()
            .OrderBy(turn => turn.Look),
    ];
}
