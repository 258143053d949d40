using System.Text;
using Perennial.Provisioning.Enrollments;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Enrollments;

public sealed class CertificateFileTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly EnrollmentKey Lamp = EnrollmentKey.Individual(RegistrationId.TryParse("lamp-1", out var id) ? id : throw new InvalidOperationException());

    private static readonly EnrollmentKey Factory = EnrollmentKey.TryGroup("factory", out var key) ? key : throw new InvalidOperationException();

    [Fact]
    public void One_certificate_and_a_chain_are_read_as_PEM_and_as_DER()
    {
        using var root = TestAuthority.CreateRoot();
        using var signer = root.CreateIntermediate();
        using var leaf = signer.IssueLeaf("Lamp-1");
        var chain = leaf.CertificatePem + signer.Own.CertificatePem + root.Own.CertificatePem;
        Assert.Equal(leaf.Certificate.Thumbprint, Read(leaf.Der.Span, Lamp).Thumbprint);
        Assert.Equal(leaf.Certificate.Thumbprint, Read(Encoding.ASCII.GetBytes(leaf.CertificatePem), Lamp).Thumbprint);
        Assert.Equal(leaf.Certificate.Thumbprint, Read(Encoding.ASCII.GetBytes(chain), Lamp).Thumbprint);
        Assert.Equal(signer.Certificate.Thumbprint, Read(Encoding.ASCII.GetBytes(chain), Factory).Thumbprint);
    }

    [Fact]
    public void What_does_not_belong_is_told_for_what_it_is()
    {
        using var root = TestAuthority.CreateRoot("The Root");
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var twin = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var other = TestAuthority.CreateSelfSignedLeaf("lamp-2");
        using var over = TestAuthority.CreateSelfSignedLeaf("lamp-1", new TestCertificateOptions { NotAfter = Now });
        Refused("This is a private key.", Encoding.ASCII.GetBytes(leaf.KeyPem + leaf.CertificatePem), Lamp);
        Refused("This is a certificate request (CSR)", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"u8, Lamp);
        Refused("This is the certificate of an authority (CA), 'CN=The Root'", root.Own.Der.Span, Lamp);
        Refused("This is the certificate of a device, 'CN=lamp-1', which signs no others.", leaf.Der.Span, Factory);
        Refused("This is the certificate of 'lamp-2'", other.Der.Span, Lamp);
        Refused("This certificate is over: it ended on 1 January 2030.", over.Der.Span, Lamp);
        Refused("This certificate stands in the other slot already", leaf.Der.Span, Lamp, leaf.Certificate);
        Refused("This file holds 2 certificates of devices", Encoding.ASCII.GetBytes(leaf.CertificatePem + twin.CertificatePem), Lamp);
        Refused("This file holds no certificate.", "dear diary"u8, Lamp);
        Refused("The file is empty.", [], Lamp);
        Refused("The file has 131,073 bytes, which is no certificate: the most is 128 kB.", new byte[CertificateFile.MaxLength + 1], Lamp);
    }

    [Fact]
    public void Every_refusal_says_what_is_wanted()
    {
        Assert.False(CertificateFile.TryRead("x"u8, Lamp, null, Now, out _, out var leaf));
        Assert.EndsWith("Wanted is the certificate of the device itself, with the common name 'lamp-1', as PEM or DER.", leaf, StringComparison.Ordinal);
        Assert.False(CertificateFile.TryRead("x"u8, Factory, null, Now, out _, out var signer));
        Assert.EndsWith("Wanted is the signing certificate (CA) above the devices' certificates, as PEM or DER.", signer, StringComparison.Ordinal);
    }

    private static Certificate Read(ReadOnlySpan<byte> content, EnrollmentKey key)
    {
        Assert.True(CertificateFile.TryRead(content, key, null, Now, out var certificate, out var fault), fault);
        return certificate;
    }

    private static void Refused(string begins, ReadOnlySpan<byte> content, EnrollmentKey key, Certificate? other = null)
    {
        Assert.False(CertificateFile.TryRead(content, key, other, Now, out _, out var fault));
        Assert.StartsWith(begins, fault, StringComparison.Ordinal);
    }
}
