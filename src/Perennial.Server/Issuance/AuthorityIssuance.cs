using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Provisioning.Issuance;
using Perennial.Server.Metrics;
using Perennial.X509;

namespace Perennial.Server.Issuance;

/// <summary>Provisioning's way to the authority of this process; what it takes is measured.</summary>
internal sealed class AuthorityIssuance(IProfileStore profiles, IssueCertificate issue, Measures measures, TimeProvider time) : ICertificateIssuance
{
    public async Task<CertificateTerms?> FindTermsAsync(string policy, CancellationToken cancellationToken) =>
        await profiles.FindAsync(policy, cancellationToken) is { } profile
            ? new CertificateTerms(profile.AllowsSelfRoll, TimeSpan.FromDays(profile.RollAfterExpiryDays))
            : null;

    public async Task<CertificateAnswer> IssueAsync(CertificateOrder order, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var answer = await AskAsync(order, cancellationToken);
        measures.Issued(Word(answer), time.GetElapsedTime(started));
        return answer;
    }

    private static string Word(CertificateAnswer answer) => answer switch
    {
        CertificateAnswer.Issued => "issued",
        CertificateAnswer.Later => "later",
        _ => "refused",
    };

    private async Task<CertificateAnswer> AskAsync(CertificateOrder order, CancellationToken cancellationToken)
    {
        var outcome = await issue.RunAsync(
            new IssuanceRequest
            {
                ProfileName = order.Policy,
                SigningRequest = order.Request,
                CommonName = order.Name,
                Actor = order.Actor,
                IdempotencyKey = order.IdempotencyKey,
            },
            cancellationToken);
        return outcome switch
        {
            IssuanceOutcome.Issued { Chain: var chain } => new CertificateAnswer.Issued(chain.OnWire),
            IssuanceOutcome.Pending pending => new CertificateAnswer.Later(
                new Refusal(LeafRefusals.NotDecided, $"It waits as '{pending.OperationId}'."), pending.RetryAfter),
            IssuanceOutcome.Unavailable unavailable => new CertificateAnswer.Later(
                new Refusal(LeafRefusals.KeyUnavailable, $"{unavailable.State}: {unavailable.Detail}"), unavailable.RetryAfter),
            IssuanceOutcome.Refused refused => new CertificateAnswer.Refused(refused.Refusal),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }
}
