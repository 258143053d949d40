using System.Formats.Asn1;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class CommonNameTests
{
    [Theory]
    [InlineData("dev-01", "DEV-01", true)]
    [InlineData("dev-01", "dev-02", false)]
    public void Common_names_are_compared_without_letter_case(string a, string b, bool same)
    {
        Assert.True(CommonName.TryParse(a, out var first));
        Assert.True(CommonName.TryParse(b, out var second));
        Assert.Equal(same, first.Equals(second));
        Assert.Equal(same, first.GetHashCode() == second.GetHashCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("gerät")]
    [InlineData("dev\0-01")]
    [InlineData("dev\n01")]
    [InlineData("dev\u212A")] // the Kelvin sign, which is a k to a careless comparison
    public void Anything_but_printable_ASCII_is_no_common_name(string? text) => Assert.False(CommonName.TryParse(text, out _));

    [Fact]
    public void Sixty_four_characters_are_the_most()
    {
        Assert.True(CommonName.TryParse(new string('a', 64), out _));
        Assert.False(CommonName.TryParse(new string('a', 65), out _));
    }

    [Fact]
    public void The_one_common_name_of_a_certificate_is_found_among_other_attributes()
    {
        var subject = TestName.OfAttributes(("2.5.4.10", "Example"), ("2.5.4.3", "dev-01"), ("2.5.4.11", "Devices"));
        using var leaf = TestAuthority.CreateSelfSignedLeaf("x", new() { Subject = subject });
        Assert.True(leaf.Certificate.TryGetCommonName(out var name, out _));
        Assert.Equal("dev-01", name.Value);
        Assert.Equal("OU=Devices, CN=dev-01, O=Example", leaf.Certificate.Subject.Text);
    }

    [Fact]
    public void Two_common_names_are_refused() => AssertRefused(TestName.Of("dev-01", "dev-02"), CertificateRefusals.SeveralCommonNames);

    [Fact]
    public void Two_equal_common_names_are_refused() => AssertRefused(TestName.Of("dev-01", "dev-01"), CertificateRefusals.SeveralCommonNames);

    [Fact]
    public void No_common_name_is_refused() =>
        AssertRefused(TestName.OfAttributes(("2.5.4.10", "Example")), CertificateRefusals.NoCommonName);

    [Fact]
    public void A_common_name_with_NUL_is_refused() => AssertRefused(TestName.Of("dev-01\0.evil"), CertificateRefusals.InvalidCommonName);

    [Fact]
    public void A_common_name_outside_ASCII_is_refused() => AssertRefused(TestName.Of("dеv-01"), CertificateRefusals.InvalidCommonName);

    [Fact]
    public void A_common_name_of_65_characters_is_refused() =>
        AssertRefused(TestName.Of(new string('a', 65)), CertificateRefusals.InvalidCommonName);

    [Fact]
    public void Two_common_names_in_one_part_are_refused()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        {
            foreach (var name in new[] { "dev-01", "dev-02" })
            {
                using var attribute = writer.PushSequence();
                writer.WriteObjectIdentifier("2.5.4.3");
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, name);
            }
        }

        AssertRefused(writer.Encode(), CertificateRefusals.SeveralCommonNames);
    }

    private static void AssertRefused(ReadOnlyMemory<byte> subject, RefusalReason reason)
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("x", new() { Subject = subject });
        Assert.False(leaf.Certificate.TryGetCommonName(out _, out var refusal));
        Assert.Equal(reason, refusal.Reason);
        Assert.Equal(reason, Verdict.Policy().CheckLeaf(leaf.Certificate, Verdict.Now)?.Reason);
        Assert.DoesNotContain(refusal.Detail, char.IsControl);
    }
}
