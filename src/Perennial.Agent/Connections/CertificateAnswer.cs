using Perennial.Protocol;
using Perennial.Protocol.Hub.Credentials;

namespace Perennial.Agent.Connections;

/// <summary>Reads the final answer to a request for a certificate. Source: hub-protocol §7.2.</summary>
internal static class CertificateAnswer
{
    public static IReadOnlyList<string> Read(HubAnswer answer)
    {
        if (answer.Status == 200 && WireJson.TryParse<IssuedCertificatesDocument>(answer.Body, out var issued))
        {
            return issued.Certificates;
        }

        var text = WireJson.TryParse<CredentialErrorDocument>(answer.Body, out var error) ? Sentence(error) : $"the hub answers {answer.Status}";
        TimeSpan? wait = error?.RetryAfter is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
        throw new ExchangeException(KindOf(answer.Status), text, wait);
    }

    private static FailureKind KindOf(int status) => status switch
    {
        429 => FailureKind.Throttled,
        409 or >= 500 => FailureKind.Unavailable,
        _ => FailureKind.Refused,
    };

    private static string Sentence(CredentialErrorDocument error)
    {
        var detail = error.Info?.CredentialMessage ?? error.Info?.CredentialError;
        return $"the hub answers {error.ErrorCode}: {error.Message}{(detail is null ? string.Empty : $" ({detail})")}";
    }
}
