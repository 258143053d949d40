using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Decides whether one name lies within one constraint of its own kind, RFC 5280 §4.2.1.10.</summary>
internal static class NameMatcher
{
    private const int MaxHostLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>Whether a constraint can be understood; kinds that are not supported can, since they refuse every name of their kind.</summary>
    internal static bool IsWellFormed(GeneralName constraint) => constraint.Kind switch
    {
        GeneralNameKind.Dns => constraint.Text.Length == 0 || IsHost(constraint.Text),
        GeneralNameKind.Email => IsMailbox(constraint.Text) || IsHostPattern(constraint.Text),
        GeneralNameKind.Uri => IsHostPattern(constraint.Text),
        GeneralNameKind.Address => IsNetwork(constraint.Content.Span),
        _ => true,
    };

    /// <summary>Whether a name is of a kind, and well-formed enough, that constraints can be applied to it.</summary>
    internal static bool IsJudgeable(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Dns => IsHost(WithoutWildcard(name.Text)),
        GeneralNameKind.Email => IsMailbox(name.Text),
        GeneralNameKind.Uri => HostOf(name) is not null,
        GeneralNameKind.Address => name.Content.Length is 4 or 16,
        GeneralNameKind.Directory => true,
        _ => false,
    };

    /// <summary>Whether the whole name lies within the constraint.</summary>
    internal static bool IsWithin(GeneralName name, GeneralName constraint) => name.Kind switch
    {
        GeneralNameKind.Dns => IsDomainWithin(WithoutWildcard(name.Text), constraint.Text),
        GeneralNameKind.Email => IsMailboxWithin(name.Text, constraint.Text),
        GeneralNameKind.Uri => HostOf(name) is { } host && IsHostWithin(host, constraint.Text),
        GeneralNameKind.Address => IsAddressWithin(name.Content.Span, constraint.Content.Span),
        GeneralNameKind.Directory => IsDirectoryWithin(name.Parts, constraint.Parts),
        _ => false,
    };

    /// <summary>Whether any part of the name lies within the constraint: a wildcard may stand for an excluded host.</summary>
    internal static bool Touches(GeneralName name, GeneralName constraint) =>
        IsWithin(name, constraint) || (name.Kind == GeneralNameKind.Dns && IsWildcardOver(name.Text, constraint.Text));

    private static bool IsWildcardOver(string name, string constraint)
    {
        var firstDot = constraint.IndexOf('.', StringComparison.Ordinal);
        return IsWildcard(name) && firstDot >= 0 && Same(name.AsSpan(2), constraint.AsSpan(firstDot + 1));
    }

    private static bool IsDomainWithin(string host, string constraint) =>
        constraint.Length == 0 || Same(host, constraint) || IsBelow(host, constraint);

    private static bool IsBelow(string host, string domain) =>
        host.Length > domain.Length + 1
        && host[host.Length - domain.Length - 1] == '.'
        && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase);

    private static bool IsHostWithin(string host, string constraint) =>
        constraint.StartsWith('.') ? IsBelow(host, constraint[1..]) : Same(host, constraint);

    private static bool IsMailboxWithin(string name, string constraint)
    {
        var at = name.LastIndexOf('@');
        var host = name[(at + 1)..];
        var constraintAt = constraint.LastIndexOf('@');
        return constraintAt < 0
            ? IsHostWithin(host, constraint)
            : Same(host, constraint.AsSpan(constraintAt + 1)) && name.AsSpan(0, at).SequenceEqual(constraint.AsSpan(0, constraintAt));
    }

    private static bool IsAddressWithin(ReadOnlySpan<byte> address, ReadOnlySpan<byte> network)
    {
        if (network.Length != 2 * address.Length)
        {
            return false;
        }

        for (var i = 0; i < address.Length; i++)
        {
            var mask = network[address.Length + i];
            if ((address[i] & mask) != (network[i] & mask))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDirectoryWithin(IReadOnlyList<RelativeName> name, IReadOnlyList<RelativeName> constraint)
    {
        if (constraint.Count > name.Count)
        {
            return false;
        }

        for (var i = 0; i < constraint.Count; i++)
        {
            if (!name[i].Matches(constraint[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string? HostOf(GeneralName name) =>
        Uri.TryCreate(name.Text, UriKind.Absolute, out var uri) && uri.HostNameType == UriHostNameType.Dns && IsHost(uri.Host) ? uri.Host : null;

    private static bool IsHostPattern(string text) => IsHost(text.StartsWith('.') ? text[1..] : text);

    /// <summary>One <c>@</c>; quoted local parts, which could hold more, are not understood.</summary>
    private static bool IsMailbox(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && IsHost(text[(at + 1)..]);

    private static bool IsWildcard(string text) => text.StartsWith("*.", StringComparison.Ordinal);

    private static string WithoutWildcard(string text) => IsWildcard(text) ? text[2..] : text;

    private static bool IsHost(string text) => text.Length is > 0 and <= MaxHostLength && text.Split('.').All(IsLabel);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>An address and a mask of the same length, the mask's ones all before its zeros.</summary>
    private static bool IsNetwork(ReadOnlySpan<byte> network)
    {
        if (network.Length is not (8 or 32))
        {
            return false;
        }

        var zeros = false;
        foreach (var part in network[(network.Length / 2)..])
        {
            var isRun = (byte)~part is var rest && (rest & (rest + 1)) == 0;
            if (!isRun || (zeros && part != 0))
            {
                return false;
            }

            zeros |= part != 0xFF;
        }

        return true;
    }

    private static bool Same(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
