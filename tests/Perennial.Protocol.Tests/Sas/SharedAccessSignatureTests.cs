using CsCheck;
using Perennial.Protocol.Sas;

namespace Perennial.Protocol.Tests.Sas;

public sealed class SharedAccessSignatureTests
{
    private static readonly byte[] Key = Convert.FromBase64String("UwwVfsD5lA+qU/1oNyCqDCDeShqtT/bvsaUt7i0bKJE=");
    private static readonly DateTimeOffset Expiry = DateTimeOffset.FromUnixTimeSeconds(1893456000);

    [Theory]
    [InlineData("0ne00000001/registrations/dev-01", "XdUUl826DE/IVdyVTxow0idSRI8OZOi4MruVH/FhyfA=")]
    [InlineData("0ne00000001%2Fregistrations%2Fdev-01", "V/I2d9L1uMwTAuX/xIWCoE25oxSxR/FGd7srNFZIdZ8=")]
    [InlineData("0ne00000001%2fregistrations%2fdev-01", "Wsc6ZXnaWh5W0vrt23+748fSFMVFglhFt2XnxauY5VE=")]
    public void Every_spelling_of_the_resource_verifies_as_it_was_signed(string rawResource, string signature)
    {
        // The plain form keeps a raw plus in the signature, the other escapes it.
        foreach (var sig in (string[])[signature, Uri.EscapeDataString(signature)])
        {
            var token = Parse($"SharedAccessSignature sr={rawResource}&sig={sig}&se=1893456000&skn=registration");
            Assert.True(token.Verify(Key));
            Assert.True(token.IsForRegistration("0NE00000001", "DEV-01"));
            Assert.False(token.IsForRegistration("0ne00000001", "dev-0"));
            Assert.Equal("registration", token.KeyName);
            Assert.Equal(Expiry, token.Expiry);
        }
    }

    [Theory]
    [InlineData("sr=r&sig={0}&skn=p&se=1893456000")]
    [InlineData("se=1893456000&sig={0}&sr=r")]
    [InlineData("skn=p&sig={0}&se=1893456000&sr=r&future=1")]
    public void Fields_come_in_any_order(string form)
    {
        var signature = SharedAccessSignature.Create("r", Key, Expiry, null).Split('&')[1]["sig=".Length..];
        Assert.True(Parse("SharedAccessSignature " + form.Replace("{0}", signature, StringComparison.Ordinal)).Verify(Key));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer abc")]
    [InlineData("SharedAccessSignature")]
    [InlineData("SharedAccessSignature sr=r&se=1")]
    [InlineData("SharedAccessSignature sr=r&sig=AAAA&se=1")]
    [InlineData("SharedAccessSignature sr=&sig=XdUUl826DE/IVdyVTxow0idSRI8OZOi4MruVH/FhyfA=&se=1")]
    [InlineData("SharedAccessSignature sr=r&sig=XdUUl826DE/IVdyVTxow0idSRI8OZOi4MruVH/FhyfA=&se=-1")]
    [InlineData("SharedAccessSignature sr=r&sig=XdUUl826DE/IVdyVTxow0idSRI8OZOi4MruVH/FhyfA=&se=1e9")]
    [InlineData("SharedAccessSignature sr=r&sr=s&sig=XdUUl826DE/IVdyVTxow0idSRI8OZOi4MruVH/FhyfA=&se=1")]
    public void A_malformed_token_is_refused(string? text) => Assert.False(SharedAccessSignature.TryParse(text, out _));

    [Fact]
    public void A_token_lives_until_its_expiry_and_the_skew()
    {
        var token = Parse(SharedAccessSignature.Create("r", Key, Expiry, null));
        var skew = TimeSpan.FromMinutes(5);
        Assert.False(token.IsExpired(Expiry + skew - TimeSpan.FromSeconds(1), skew));
        Assert.True(token.IsExpired(Expiry + skew, skew));
        Assert.True(token.IsExpired(Expiry, TimeSpan.Zero));
    }

    [Fact]
    public void An_expiry_beyond_the_calendar_is_never()
    {
        var token = Parse("SharedAccessSignature sr=r&sig=XdUUl826DE/IVdyVTxow0idSRI8OZOi4MruVH/FhyfA=&se=9223372036854775807");
        Assert.False(token.IsExpired(Expiry, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Another_key_another_resource_and_another_expiry_do_not_verify()
    {
        var text = SharedAccessSignature.Create("r", Key, Expiry, null);
        Assert.False(Parse(text).Verify(new byte[32]));
        Assert.False(Parse(text).Verify([]));
        Assert.False(Parse(text.Replace("sr=r", "sr=s", StringComparison.Ordinal)).Verify(Key));
        Assert.False(Parse(text.Replace("se=1893456000", "se=1893456001", StringComparison.Ordinal)).Verify(Key));
    }

    [Fact]
    public void The_text_for_logs_holds_no_signature() =>
        Assert.DoesNotContain("sig", Parse(SharedAccessSignature.Create("r", Key, Expiry, "p")).ToString(), StringComparison.Ordinal);

    [Fact]
    public void What_is_made_is_read_and_verified() =>
        Gen.Select(Texts.Unicode.Where(text => text.Length is > 0 and < 100), Gen.Byte.Array[1, 64], Gen.Long[0, 253402300799])
            .Sample((resource, key, seconds) =>
            {
                var token = Parse(SharedAccessSignature.Create(resource, key, DateTimeOffset.FromUnixTimeSeconds(seconds), "a b"));
                return token.Verify(key)
                    && Uri.UnescapeDataString(token.RawResource) == resource
                    && token.Expiry.ToUnixTimeSeconds() == seconds
                    && token.KeyName == "a b";
            });

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Texts.After("SharedAccessSignature ", "SharedAccessSignature sr=r&sig=", "SharedAccessSignature sig=AA&sr=").Sample(text =>
        {
            _ = SharedAccessSignature.TryParse(text, out _);
            _ = SasResource.TryParse(text, out _);
            _ = ConnectionString.TryParse(text, out _);
        });

    private static SharedAccessSignature Parse(string text)
    {
        Assert.True(SharedAccessSignature.TryParse(text, out var token));
        return token;
    }
}
