using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Keys of issuers, ready for use: taking up a P-256 key costs the platform more than a verification.</summary>
/// <remarks>The platform's keys are not for two threads at once, so each is lent to one caller at a time.</remarks>
internal sealed class VerificationKeys
{
    private const int MaxIssuers = 512;

    private readonly RecentEntries<Thumbprint, ConcurrentBag<AsymmetricAlgorithm>> _idle = new(MaxIssuers);

    /// <summary>Lends a key; give it back with <see cref="Return"/>.</summary>
    /// <exception cref="CryptographicException">The platform refuses the key.</exception>
    internal bool TryRent(SubjectPublicKey key, [NotNullWhen(true)] out AsymmetricAlgorithm? lent)
    {
        lent = _idle.TryGet(key.Thumbprint, out var idle) && idle.TryTake(out var ready) ? ready : Import(key);
        return lent is not null;
    }

    internal void Return(SubjectPublicKey key, AsymmetricAlgorithm? lent)
    {
        if (lent is null)
        {
            return;
        }

        if (!_idle.TryGet(key.Thumbprint, out var idle))
        {
            _idle.Set(key.Thumbprint, [lent]);
        }
        else if (idle.Count < Environment.ProcessorCount)
        {
            idle.Add(lent);
        }
        else
        {
            lent.Dispose();
        }
    }

    private static AsymmetricAlgorithm? Import(SubjectPublicKey key) => key.Algorithm.Oid switch
    {
        Oids.Rsa => RsaPublicKey.TryRead(key, out var parts) ? RSA.Create(parts.Parameters) : null,
        Oids.EllipticCurve => ImportPoint(key),
        _ => null,
    };

    private static ECDsa? ImportPoint(SubjectPublicKey key)
    {
        var length = KeyRules.CoordinateLength(key);
        var point = key.Key.Span;
        if (KeyRules.CurveOf(key) is not { } curve || point.Length != 1 + (2 * length))
        {
            return null;
        }

        return ECDsa.Create(new ECParameters
        {
            Curve = curve,
            Q = new() { X = point.Slice(1, length).ToArray(), Y = point[(1 + length)..].ToArray() },
        });
    }
}
