using System.Collections.Concurrent;
using Perennial.Provisioning.Issuance;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>An authority in memory: certificates for new keys of its own, the same for the same idempotency key.</summary>
internal sealed class MemoryAuthority : ICertificateIssuance
{
    private readonly ConcurrentDictionary<string, Certificate> _issued = new();

    public TestAuthority Root { get; } = TestAuthority.CreateRoot("Operational root");

    public CertificateTerms Terms { get; set; } = new(AllowsSelfRoll: true, TimeSpan.Zero);

    /// <summary>What is answered instead of a certificate; null for none.</summary>
    public CertificateAnswer? Instead { get; set; }

    public int Issued => _issued.Count;

    public Task<CertificateTerms?> FindTermsAsync(string policy, CancellationToken cancellationToken) => Task.FromResult<CertificateTerms?>(Terms);

    public Task<CertificateAnswer> IssueAsync(CertificateOrder order, CancellationToken cancellationToken) => Task.FromResult(
        Instead ?? new CertificateAnswer.Issued(
            [_issued.GetOrAdd($"{order.Name}.{order.IdempotencyKey}", _ => Root.IssueLeaf(order.Name.Value).Certificate), Root.Certificate]));
}
