using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Playwright;
using Perennial.Server.Users;
using Perennial.TestCertificates;
using static Microsoft.Playwright.Assertions;

namespace Perennial.Portal.Tests;

public sealed class CertificateTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_ca_certificate_is_uploaded_proven_by_its_key_and_deleted()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var root = TestAuthority.CreateRoot("Factory Root");
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Operator);
        await window.GoAsync("/certificates");
        await window.Link("Upload CA certificate").ClickAsync();
        await UploadAsync(window, "factory", root.Own.KeyPem);
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wanted is the certificate of a root or intermediate");
        await UploadAsync(window, "factory", root.Own.CertificatePem);
        await Expect(window.Page.GetByText("The CA certificate was uploaded.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Not verified")).ToBeVisibleAsync();
        await window.Button("Make a verification code").ClickAsync();
        var code = await window.Page.Locator("section", new PageLocatorOptions { HasText = "Prove that you hold its key" }).Locator("[data-copied]").InnerTextAsync();
        using var wrong = root.IssueLeaf("another");
        await window.Page.GetByLabel("Verification certificate").SetInputFilesAsync(FileOf(wrong.CertificatePem));
        await window.Button("Verify").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("it must be the verification code");
        using var proof = root.IssueLeaf(code);
        await window.Page.GetByLabel("Verification certificate").SetInputFilesAsync(FileOf(proof.CertificatePem));
        await window.Button("Verify").ClickAsync();
        await Expect(window.Page.GetByText("Possession of the key is proven")).ToBeVisibleAsync();
        await window.AssertAccessibleAsync("ca certificate");
        await window.Page.GetByText("Delete…").ClickAsync();
        await window.Button("Delete").ClickAsync();
        await Expect(window.Page.GetByText("There is no CA certificate yet")).ToBeVisibleAsync();
        Assert.Equal(
            ["save", "challenge", "verify", "delete"],
            (await portal.AuditAsync()).Where(line => line.StartsWith("user alice ca-certificate.", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[2]["ca-certificate.".Length..]));
    }

    [Fact]
    public async Task An_issuing_authority_is_requested_signed_elsewhere_activated_and_revoked()
    {
        await using var portal = await ServedPortal.StartAsync();
        using var root = TestAuthority.CreateRoot("Offline Root");
        await using var window = await PortalBrowser.EnterAsync(browser, portal, UserRole.Administrator);
        await window.GoAsync("/certificates/issuers/new");
        await window.Page.GetByLabel("Issuer", new PageGetByLabelOptions { Exact = true }).FillAsync("factory");
        await window.Button("Make").ClickAsync();
        var request = await window.Page.Locator("pre").InnerTextAsync();
        await window.AssertAccessibleAsync("request");
        await window.Link("To the slot").ClickAsync();
        await window.Page.GetByLabel("Certificate and what is above it").SetInputFilesAsync(FileOf(root.Own.CertificatePem));
        await window.Button("Activate").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is for no key of a prepared slot");
        await window.Page.GetByLabel("Certificate and what is above it").SetInputFilesAsync(FileOf(Sign(request, root) + root.Own.CertificatePem));
        await window.Button("Activate").ClickAsync();
        await Expect(window.Page.GetByText("The certificate was taken")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".tree").First).ToContainTextAsync("Offline Root");
        await window.Page.GetByText("Revoke…").ClickAsync();
        await window.Page.GetByLabel("Why").SelectOptionAsync("Superseded");
        await window.Button("Revoke").ClickAsync();
        await Expect(window.Page.GetByText("The issuing authority was revoked.")).ToBeVisibleAsync();
        Assert.Equal(3, (await portal.AuditAsync()).Count(line => line.StartsWith("user alice ", StringComparison.Ordinal)));
    }

    private static async Task UploadAsync(PortalBrowser window, string name, string pem)
    {
        await window.Page.GetByLabel("Name").FillAsync(name);
        await window.Page.GetByLabel("Certificate", new PageGetByLabelOptions { Exact = true }).SetInputFilesAsync(FileOf(pem));
        await window.Button("Upload").ClickAsync();
    }

    private static string Sign(string pem, TestAuthority root)
    {
        var request = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root.Own.WithKey, true, false));
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(root.Own.WithKey, now.AddHours(-1), now.AddDays(300), RandomNumberGenerator.GetBytes(12));
        return signed.ExportCertificatePem() + "\n";
    }

    private static FilePayload FileOf(string pem) => new() { Name = "picked.pem", MimeType = "application/x-pem-file", Buffer = Encoding.ASCII.GetBytes(pem) };
}
