namespace Perennial.X509.Parsing;

/// <summary>One relative distinguished name: mostly one attribute, seldom several.</summary>
internal sealed record RelativeName(IReadOnlyList<NameAttribute> Attributes)
{
    /// <summary>Whether both hold the same attributes, in any order.</summary>
    internal bool Matches(RelativeName other) =>
        Attributes.Count == other.Attributes.Count && Attributes.All(a => other.Attributes.Any(a.Matches)) && other.Attributes.All(a => Attributes.Any(a.Matches));
}
