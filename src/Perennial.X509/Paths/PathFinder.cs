namespace Perennial.X509.Paths;

/// <summary>One search: breadth first from the leaf upwards, so that the nearest anchor is found first and every anchor by its shortest path.</summary>
/// <remarks>All rules of RFC 5280 §6 are local to a certificate and what stands below it, so they are applied as a path grows.</remarks>
internal sealed class PathFinder(
    ChainPolicyOptions options,
    SignatureCache signatures,
    CertificateChain chain,
    IReadOnlyCollection<Certificate> anchors,
    DateTimeOffset at)
{
    private readonly Queue<PathStep> _open = new();
    private readonly List<CertificatePath> _paths = [];
    private readonly SearchEffort _effort = new();
    private readonly FurthestRefusal _furthest = new();

    internal PathSearch Find()
    {
        if ((LeafRules.Check(chain.Leaf, options, at) ?? LeafRules.CheckInChain(chain.Leaf)) is { } refusal)
        {
            return new([], refusal);
        }

        _open.Enqueue(new(chain.Leaf, null));
        while (_open.TryDequeue(out var step) && _effort.TrySpendStep())
        {
            Extend(step);
        }

        return _paths.Count > 0 ? new(_paths, null) : new([], Explain());
    }

    private Refusal? Explain() => _effort.IsSpent
        ? new(CertificateRefusals.SearchGivenUp, $"{chain.Leaf.Describe()} with {chain.Issuers.Count} others against {anchors.Count} anchors took too many attempts.")
        : _furthest.Refusal;

    private void Extend(PathStep step)
    {
        if (SignatureScheme.TryRead(step.Certificate, out var scheme) is { } weakness)
        {
            Note(step.Depth, FailureKind.NotTried, () => weakness);
            return;
        }

        var isSigned = false;
        foreach (var (candidate, isAnchor) in CandidatesFor(step))
        {
            if (KeyRules.Check(candidate) is { } weakKey)
            {
                Note(step.Depth, FailureKind.NotTried, () => weakKey);
                continue;
            }

            if (!step.Certificate.WantsOtherKeyThan(candidate) && IsSignedBy(step.Certificate, scheme!, candidate))
            {
                isSigned = true;
                TakeUp(step, candidate, isAnchor);
            }
        }

        if (!isSigned)
        {
            Note(step.Depth, FailureKind.DeadEnd, () => DeadEnd.Explain(step, chain.Issuers, anchors));
        }
    }

    /// <summary>Everything at hand with the issuer's name that is not on the path already; anchors before strangers.</summary>
    private IEnumerable<(Certificate Certificate, bool IsAnchor)> CandidatesFor(PathStep step)
    {
        var name = step.Certificate.Issuer.Key;
        HashSet<Thumbprint>? seen = null;
        foreach (var anchor in anchors)
        {
            if (anchor.Subject.Key == name && (seen ??= []).Add(anchor.Thumbprint) && !step.Holds(anchor))
            {
                yield return (anchor, true);
            }
        }

        foreach (var issuer in chain.Issuers)
        {
            if (issuer.Subject.Key == name && seen?.Contains(issuer.Thumbprint) != true && !step.Holds(issuer))
            {
                yield return (issuer, false);
            }
        }
    }

    private void TakeUp(PathStep step, Certificate issuer, bool isAnchor)
    {
        if (IssuerRules.Check(issuer, step, options, at, _effort) is { } refusal)
        {
            Note(step.Depth + 1, isAnchor ? FailureKind.RuleOfAnchor : FailureKind.RuleOfIssuer, () => refusal);
            return;
        }

        var next = new PathStep(issuer, step);
        _open.Enqueue(next);
        if (isAnchor && !_paths.Any(p => p.Anchor.Thumbprint == issuer.Thumbprint))
        {
            _paths.Add(new(next.ToPath()));
        }
    }

    private void Note(int depth, FailureKind kind, Func<Refusal> refusal)
    {
        if (_paths.Count == 0)
        {
            _furthest.Note(depth, kind, refusal);
        }
    }

    private bool IsSignedBy(Certificate certificate, SignatureScheme scheme, Certificate issuer)
    {
        if (signatures.TryGet(certificate.Thumbprint, issuer.PublicKey.Thumbprint, out var verified))
        {
            return verified;
        }

        if (!_effort.TrySpendSignature())
        {
            return false;
        }

        verified = SignatureVerifier.Verify(certificate, scheme, issuer.PublicKey, signatures.Keys);
        signatures.Remember(certificate.Thumbprint, issuer.PublicKey.Thumbprint, verified);
        return verified;
    }
}
