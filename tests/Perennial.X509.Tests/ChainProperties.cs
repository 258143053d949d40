using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

/// <summary>Verdicts over a small world of authorities: three roots, two of one name, intermediates below, one cross-signed, one expired, one forged.</summary>
public sealed class ChainProperties : IDisposable
{
    private readonly List<TestAuthority> _authorities = [];
    private readonly List<TestCertificate> _leaves = [];

    public ChainProperties()
    {
        var old = Keep(TestAuthority.CreateRoot("Root"));
        var rolled = Keep(old.RollRoot());
        var other = Keep(TestAuthority.CreateRoot("Other"));
        var first = Keep(old.CreateIntermediate("Intermediate"));
        var second = Keep(rolled.CreateIntermediate("Intermediate"));
        var cross = Keep(other.CreateIntermediate("x", new() { Subject = first.Certificate.Subject.Der, Key = first.Own.Key }));
        var deep = Keep(first.CreateIntermediate("Deep"));
        var expired = Keep(second.CreateIntermediate("Expired", new() { NotAfter = Verdict.Now.AddDays(-1) }));
        var forged = Keep(old.Forge());
        foreach (var issuer in new[] { old, rolled, other, first, second, cross, deep, expired, forged })
        {
            _leaves.Add(issuer.IssueLeaf("dev-01"));
        }
    }

    private Gen<int> Leaf => Gen.Int[0, _leaves.Count - 1];

    private Gen<List<TestAuthority>> Some => Gen.Shuffle(_authorities.ToArray(), 0, 5).Select(a => a.ToList());

    public void Dispose()
    {
        _leaves.ForEach(l => l.Dispose());
        _authorities.ForEach(a => a.Dispose());
    }

    [Fact]
    public void The_order_of_presented_and_anchors_does_not_matter() =>
        Gen.Select(Leaf, Some, Some).Sample(
            (leaf, presented, anchors) =>
            {
                var forward = Verdict.Of(_leaves[leaf], presented, anchors);
                var backward = Verdict.Of(_leaves[leaf], [.. Enumerable.Reverse(presented)], [.. Enumerable.Reverse(anchors)]);
                return Reached(forward).SetEquals(Reached(backward)) && forward.Refusal?.Reason == backward.Refusal?.Reason;
            },
            iter: 1_000);

    [Fact]
    public void More_certificates_never_lose_an_anchor() =>
        Gen.Select(Leaf, Some, Some, Gen.Int[0, 8]).Sample(
            (leaf, presented, anchors, more) =>
            {
                var fewer = Verdict.Of(_leaves[leaf], [.. presented.Take(4)], anchors);
                var larger = Verdict.Of(_leaves[leaf], [_authorities[more], .. presented.Take(4)], anchors);
                return Reached(fewer).IsSubsetOf(Reached(larger));
            },
            iter: 1_000);

    [Fact]
    public void An_unrelated_certificate_changes_nothing()
    {
        var stranger = Keep(TestAuthority.CreateRoot("Stranger"));
        Gen.Select(Leaf, Some, Some).Sample(
            (leaf, presented, anchors) =>
            {
                presented = [.. presented.Where(p => p != stranger).Take(4)];
                var without = Verdict.Of(_leaves[leaf], presented, anchors);
                var with = Verdict.Of(_leaves[leaf], [stranger, .. presented], [.. anchors, stranger]);
                return Reached(with).SetEquals(Reached(without)) && with.Refusal?.Reason == without.Refusal?.Reason;
            },
            iter: 1_000);
    }

    [Fact]
    public void Every_path_holds_signature_by_signature_and_ends_at_an_anchor() =>
        Gen.Select(Leaf, Some, Some).Sample(
            (leaf, presented, anchors) => Verdict.Of(_leaves[leaf], presented, anchors).Paths.All(p => Holds(p, anchors)),
            iter: 1_000);

    private static bool Holds(CertificatePath path, List<TestAuthority> anchors) =>
        anchors.Any(a => a.Certificate.Thumbprint == path.Anchor.Thumbprint)
        && path.Certificates.Zip(path.Certificates.Skip(1)).All(pair => IsSigned(pair.First, pair.Second));

    /// <summary>Asks the platform, not the code under test.</summary>
    private static bool IsSigned(Certificate certificate, Certificate issuer)
    {
        using var key = X509CertificateLoader.LoadCertificate(issuer.Der.Span);
        using var ecdsa = key.GetECDsaPublicKey()!;
        return ecdsa.VerifyData(
            certificate.Fields.Signed.Span, certificate.Fields.Signature.Span, new("SHA256"), DSASignatureFormat.Rfc3279DerSequence);
    }

    private static HashSet<Thumbprint> Reached(PathSearch search) => [.. search.Paths.Select(p => p.Anchor.Thumbprint)];

    private TestAuthority Keep(TestAuthority authority)
    {
        _authorities.Add(authority);
        return authority;
    }
}
