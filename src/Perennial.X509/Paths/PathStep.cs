namespace Perennial.X509.Paths;

/// <summary>A partial path seen from its top: one certificate, and the certificates below it down to the leaf.</summary>
internal sealed record PathStep(Certificate Certificate, PathStep? Below)
{
    /// <summary>Signatures verified from the leaf up to here.</summary>
    internal int Depth { get; } = Below is null ? 0 : Below.Depth + 1;

    /// <summary>Certificates from here down that a path length limits: neither the leaf nor self-issued.</summary>
    internal int Intermediates { get; } = Below is null ? 0 : Below.Intermediates + (Certificate.IsSelfIssued ? 0 : 1);

    internal bool IsLeaf => Below is null;

    /// <summary>Whether an authority with this name and key is on the path already; going through it twice gains nothing.</summary>
    internal bool Holds(Certificate other)
    {
        for (var step = this; step is not null; step = step.Below)
        {
            if (step.Certificate.PublicKey.Thumbprint == other.PublicKey.Thumbprint && step.Certificate.Subject.Key == other.Subject.Key)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Leaf first.</summary>
    internal Certificate[] ToPath()
    {
        var path = new Certificate[Depth + 1];
        for (var step = this; step is not null; step = step.Below)
        {
            path[step.Depth] = step.Certificate;
        }

        return path;
    }
}
