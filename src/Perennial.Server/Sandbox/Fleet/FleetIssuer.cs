using Perennial.Authority;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>The fleet's own certificate authority: a root, the group's intermediate and its successor, and leaves.</summary>
internal sealed class FleetIssuer : IDisposable
{
    private readonly CertificateAuthority _root;

    public FleetIssuer(TimeProvider time)
    {
        _root = CertificateAuthority.CreateRoot(new AuthorityProfile { CommonName = "Sandbox fleet root" }, time);
        Intermediate = _root.IssueIntermediate(new AuthorityProfile { CommonName = "Sandbox fleet intermediate 1", PathLength = 0 });
        NextIntermediate = _root.IssueIntermediate(new AuthorityProfile { CommonName = "Sandbox fleet intermediate 2", PathLength = 0 });
    }

    /// <summary>The root, which no enrollment needs to know.</summary>
    public string RootPem => _root.Own.CertificatePem;

    public CertificateAuthority Intermediate { get; }

    public CertificateAuthority NextIntermediate { get; }

    /// <summary>A leaf below the root, for an individual enrollment, which pins the leaf and looks at nothing above it.</summary>
    public DeviceCredential IssueIndividual(string id) => new(_root.IssueLeaf(new LeafProfile { CommonName = id }));

    /// <summary>Another intermediate below the root; the caller disposes it.</summary>
    public CertificateAuthority IssueOther(string commonName) => _root.IssueIntermediate(new AuthorityProfile { CommonName = commonName, PathLength = 0 });

    /// <summary>A leaf below an intermediate, which the device sends along.</summary>
    public static DeviceCredential IssueMember(string id, CertificateAuthority intermediate) =>
        new(intermediate.IssueLeaf(new LeafProfile { CommonName = id }), intermediate.Certificate);

    public void Dispose()
    {
        NextIntermediate.Dispose();
        Intermediate.Dispose();
        _root.Dispose();
    }
}
