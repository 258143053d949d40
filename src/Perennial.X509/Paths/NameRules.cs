using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Applies the name constraints of one authority to every certificate below it, RFC 5280 §4.2.1.10 and §6.1.3 b, c.</summary>
internal static class NameRules
{
    internal static Refusal? Check(Certificate authority, PathStep below, SearchEffort effort)
    {
        if (authority.Extensions.NameConstraints is not { } constraints)
        {
            return null;
        }

        if (constraints.Permitted.Concat(constraints.Excluded).SelectMany(kind => kind).FirstOrDefault(c => !NameMatcher.IsWellFormed(c)) is { } broken)
        {
            return new(
                CertificateRefusals.NameNotPermitted,
                $"{authority.Describe()} has a name constraint of kind {broken.Kind} that is not well-formed: {Show(broken)}.");
        }

        for (var step = below; step is not null; step = step.Below)
        {
            if (step.Certificate.IsSelfIssued && !step.IsLeaf)
            {
                continue;
            }

            if (CheckNames(authority, constraints, step.Certificate, effort) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? CheckNames(Certificate authority, NameConstraints constraints, Certificate certificate, SearchEffort effort)
    {
        foreach (var name in NamesOf(certificate))
        {
            if (FindFault(constraints, name, effort) is { } fault)
            {
                return new(
                    CertificateRefusals.NameNotPermitted,
                    $"{certificate.Describe()} has the {name.Kind} name {Show(name)}, which {fault} of {authority.Describe()}.");
            }
        }

        return null;
    }

    private static IEnumerable<GeneralName> NamesOf(Certificate certificate)
    {
        IReadOnlyList<GeneralName> alternatives = certificate.Extensions.AlternativeNames ?? [];
        if (!certificate.Subject.IsEmpty)
        {
            yield return new(GeneralNameKind.Directory, certificate.Subject.Der, certificate.Subject.Parts);
        }

        foreach (var name in alternatives)
        {
            yield return name;
        }

        if (alternatives.Any(n => n.Kind == GeneralNameKind.Email))
        {
            yield break;
        }

        // RFC 5280 §4.2.1.10: an email address in the subject counts when no alternative name holds one.
        foreach (var attribute in certificate.Subject.Parts.SelectMany(p => p.Attributes).Where(a => a.Type == Oids.EmailAddress))
        {
            yield return new(GeneralNameKind.Email, attribute.Content, []);
        }
    }

    private static string? FindFault(NameConstraints constraints, GeneralName name, SearchEffort effort)
    {
        var permitted = constraints.Permitted[name.Kind];
        var excluded = constraints.Excluded[name.Kind];
        if (!permitted.Any() && !excluded.Any())
        {
            return null;
        }

        if (!NameMatcher.IsJudgeable(name))
        {
            return "cannot be judged by the name constraints";
        }

        if (excluded.Any(c => !effort.TrySpendComparison() || NameMatcher.Touches(name, c)))
        {
            return "is excluded by the name constraints";
        }

        return permitted.Any() && !permitted.Any(c => effort.TrySpendComparison() && NameMatcher.IsWithin(name, c))
            ? "is not among the permitted names"
            : null;
    }

    private static string Show(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Dns or GeneralNameKind.Email or GeneralNameKind.Uri =>
            $"'{string.Concat(name.Text.Take(100).Select(c => char.IsControl(c) ? '?' : c))}'",
        _ => $"hex {Convert.ToHexString(name.Content.Span[..Math.Min(name.Content.Length, 50)])}",
    };
}
