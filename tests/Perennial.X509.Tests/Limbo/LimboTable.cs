namespace Perennial.X509.Tests.Limbo;

/// <summary>Which corpus cases are left out, and where Perennial refuses what the corpus accepts; each with its reason.</summary>
internal static class LimboTable
{
    private const string Crl = "revocation lists are not used: a credential is cut by its enrollment";
    private const string HostName = "matches or judges a server's host name; a device is named by its common name";
    private const string BrowserForum = "a rule of the CA/Browser Forum for public web servers, which private device authorities need not follow";

    private const string Duty =
        "a duty of the issuing authority in RFC 5280 §4 that the validation of §6 does not check; private authorities often neglect it and nothing is gained by refusing";

    /// <summary>Families by the start of the case's id: what they want refused is not looked at here. What they want accepted is run.</summary>
    private static readonly IReadOnlyList<(string Prefix, string Reason)> ExcludedFamilies =
    [
        ("crl::", Crl),
        ("webpki::cn::", HostName),
        ("webpki::san::", HostName),
        ("webpki::aki::", BrowserForum),
        ("webpki::eku::", BrowserForum),
    ];

    private static readonly IReadOnlyDictionary<string, string> ExcludedCases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["rfc5280::san::underscore-dns"] = HostName,
        ["rfc5280::san::ip-in-dns"] = HostName,
        ["rfc5280::aki::leaf-missing-aki"] = Duty,
        ["rfc5280::aki::intermediate-missing-aki"] = Duty,
        ["rfc5280::aki::cross-signed-root-missing-aki"] = Duty,
        ["rfc5280::ski::root-missing-ski"] = Duty,
        ["rfc5280::ski::intermediate-missing-ski"] = Duty,
        ["rfc5280::root-non-critical-basic-constraints"] = Duty + "; the constraints are applied all the same",
        ["rfc5280::nc::permitted-dns-match-noncritical"] = Duty + "; the constraints are applied all the same, as webpki::nc::permitted-dns-match-noncritical wants",
        ["rfc5280::serial::zero"] = "RFC 5280 §4.1.2.2 asks users of certificates to handle serial numbers of zero gracefully",
    };

    private static readonly IReadOnlyDictionary<string, string> ExplainedRefusals = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cve::cve-2024-0567"] = "nine intermediates are presented; at most five are looked at",
        ["pathlen::validation-ignores-pathlen-in-leaf"] = "the leaf is a certificate authority; a device never is",
        ["rfc5280::ca-as-leaf"] = "the leaf is a certificate authority; a device never is (webpki::ca-as-leaf agrees)",
    };

    internal static IEnumerable<string> NamedCases => ExcludedCases.Keys.Concat(ExplainedRefusals.Keys);

    internal static string? ReasonToExclude(LimboCase entry) =>
        ExcludedCases.GetValueOrDefault(entry.Id)
        ?? ExcludedFamilies.Where(f => !entry.MustBeAccepted && entry.Id.StartsWith(f.Prefix, StringComparison.Ordinal)).Select(f => f.Reason).FirstOrDefault();

    internal static string? ReasonToRefuse(LimboCase entry) => ExplainedRefusals.GetValueOrDefault(entry.Id);
}
