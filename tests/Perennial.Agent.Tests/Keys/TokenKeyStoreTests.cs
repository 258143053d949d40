using System.Security.Cryptography;
using System.Text;
using Perennial.Agent.Configuration;
using Perennial.Agent.Keys;

namespace Perennial.Agent.Tests.Keys;

[Collection(nameof(TokenBench))]
public sealed class TokenKeyStoreTests
{
    [Theory]
    [InlineData(nameof(KeyAlgorithm.P256))]
    [InlineData(nameof(KeyAlgorithm.P384))]
    [InlineData(nameof(KeyAlgorithm.Rsa2048))]
    public void A_key_is_made_in_the_token_and_signs_there(string algorithm)
    {
        var store = new TokenKeyStore(TokenBench.MakeToken(Enum.Parse<KeyAlgorithm>(algorithm)));
        store.CheckRoom();
        Assert.Null(store.Open(KeySlot.A));
        store.Make(KeySlot.A);
        using var key = store.Open(KeySlot.A);
        var data = "signed by a key that nobody has"u8.ToArray();
        if (key is RSA rsa)
        {
            var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var open = RSA.Create(rsa.ExportParameters(includePrivateParameters: false));
            Assert.True(open.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return;
        }

        var ecdsa = Assert.IsType<ECDsa>(key, exactMatch: false);
        using var verifier = ECDsa.Create(ecdsa.ExportParameters(includePrivateParameters: false));
        Assert.True(verifier.VerifyData(data, ecdsa.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void A_key_cannot_be_taken_out()
    {
        var store = new TokenKeyStore(TokenBench.MakeToken());
        store.Make(KeySlot.A);
        using var key = store.Open(KeySlot.A);
        Assert.ThrowsAny<CryptographicException>(() => key!.ExportPkcs8PrivateKey());
        Assert.DoesNotContain("PRIVATE KEY", Encoding.UTF8.GetString(store.Publish(KeySlot.A)), StringComparison.Ordinal);
        Assert.DoesNotContain("pin", Encoding.UTF8.GetString(store.Publish(KeySlot.A)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_made_anew_replaces_the_one_in_its_place_alone()
    {
        var store = new TokenKeyStore(TokenBench.MakeToken());
        store.Make(KeySlot.A);
        store.Make(KeySlot.B);
        var (first, second) = (PublicOf(store, KeySlot.A), PublicOf(store, KeySlot.B));
        store.Make(KeySlot.B);
        Assert.Equal(first, PublicOf(store, KeySlot.A));
        Assert.NotEqual(second, PublicOf(store, KeySlot.B));
        store.CheckRoom();
    }

    [Fact]
    public void Places_are_counted_before_a_roll()
    {
        var settings = TokenBench.MakeToken();
        TokenBench.AddForeignKey(settings, settings.Labels[1], "01");
        TokenBench.AddForeignKey(settings, settings.Labels[1], "02");
        var refusal = Assert.Throws<AgentException>(new TokenKeyStore(settings).CheckRoom);
        Assert.Contains($"holds 2 private keys labelled '{settings.Labels[1]}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_not_there_is_named()
    {
        var settings = TokenBench.MakeToken() with { Token = "missing" };
        Assert.Contains("No token labelled 'missing'", Assert.Throws<AgentException>(new TokenKeyStore(settings).CheckRoom).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_pin_is_told_without_the_pin()
    {
        var settings = TokenBench.MakeToken();
        var path = settings.PinFile + Guid.NewGuid().ToString("N");
        Servers.LittleCloud.WriteSecret(path, "9999");
        var refusal = Assert.Throws<AgentException>(new TokenKeyStore(settings with { PinFile = path }).CheckRoom);
        Assert.Contains("refuses the PIN", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("9999", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_with_a_token_is_provisioned_and_rolls()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Configuration = bench.Configuration with { Keys = TokenBench.MakeToken(), Publish = new() { Directory = Path.Combine(bench.Folder, "tls") } };
        Assert.True(await bench.ProvisionAsync());
        Assert.True(await bench.RollAsync());
        Assert.True(await bench.RollAsync());
        Assert.Equal(3, bench.Service.Read(AgentBench.Id, known => known.Connected.Count));
        Assert.Equal(["a.csr", "a.pem", "b.csr", "b.pem"], Directory.EnumerateFiles(Path.Combine(bench.Configuration.State, "slots")).Select(Path.GetFileName).Order());
        var address = await File.ReadAllTextAsync(Path.Combine(bench.Folder, "tls", "current", "key.uri"), TestContext.Current.CancellationToken);
        Assert.StartsWith("pkcs11:token=device%20", address, StringComparison.Ordinal);
    }

    private static string PublicOf(TokenKeyStore store, KeySlot slot)
    {
        using var key = store.Open(slot);
        return Convert.ToHexString(key!.ExportSubjectPublicKeyInfo());
    }
}
