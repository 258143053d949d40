using Perennial.TestCertificates;

namespace Perennial.Portal.Tests;

/// <summary>What the pictures of devices, of trust and of the service show.</summary>
internal static class ShownFleet
{
    /// <summary>Paths of pages, beside those of enrollments.</summary>
    public static IReadOnlyList<(string Name, string Path)> Pages { get; } =
    [
        ("registrations", "/registrations"),
        ("device", "/registrations/door-1"),
        ("rolls", "/rolls"),
        ("roll", "/rolls/valves-2030"),
        ("roll-new", "/rolls/new?group=valves"),
        ("breach", "/breach"),
        ("breach-steps", "/breach/valves"),
        ("refusals", "/refusals"),
        ("refusal-reason", "/refusals/reasons/3002"),
        ("audit", "/audit"),
        ("audit-entry", "/audit/3"),
        ("certificates", "/certificates"),
        ("certificate", "/certificates/ca/factory"),
        ("certificate-upload", "/certificates/new"),
        ("issuer-new", "/certificates/issuers/new"),
        ("hubs", "/hubs"),
        ("hub", "/hubs/elsewhere.example"),
        ("policies", "/settings"),
        ("users", "/settings/users"),
        ("webhooks", "/settings/webhooks"),
        ("webhook", "/settings/webhooks/pager"),
    ];

    public static async Task FillAsync(ServedPortal portal)
    {
        using var first = TestAuthority.CreateSelfSignedLeaf("door-1", Until(9));
        using var second = TestAuthority.CreateSelfSignedLeaf("door-1", Until(365));
        using var wrong = TestAuthority.CreateSelfSignedLeaf("door-1", Until(200));
        using var stranger = TestAuthority.CreateSelfSignedLeaf("stranger-7", Until(200));
        await portal.EnrollAsync("door-1", first, second);
        await PortalDevice.KnockAsync(portal, "door-1", wrong);
        await using (await PortalDevice.ConnectAsync(portal, "door-1", first))
        {
            await PortalDevice.KnockAsync(portal, "stranger-7", stranger);
        }

        await ShownRoll.StoreAsync(portal);
        using var root = TestAuthority.CreateRoot("Example Factory Root", Until(3000));
        using var signer = root.CreateIntermediate("Example Factory 2", Until(200));
        await portal.StoreTrustAsync(root.Certificate, signer.Certificate);
        await portal.StoreRegistrationsAsync([.. Enumerable.Range(1, 12).Select(number => FormattableString.Invariant($"lamp-{number:00}"))]);
    }

    private static TestCertificateOptions Until(int days) => new() { NotAfter = TimeProvider.System.GetUtcNow().AddDays(days) };
}
