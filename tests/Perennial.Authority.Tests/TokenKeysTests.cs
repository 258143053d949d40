using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Tests;

/// <summary>Keys on a real token of SoftHSM: made, found, used; lost, locked and slow, and back again.</summary>
public sealed class TokenKeysTests : IDisposable
{
    private readonly SoftToken _token = new();
    private readonly TokenKeys _keys = new(TimeProvider.System, TimeSpan.FromMinutes(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private KeyAddress Address => _token.Address.WithObject("issuer-1");

    public void Dispose()
    {
        _keys.Dispose();
        _token.Dispose();
    }

    [Theory]
    [InlineData(KeyAlgorithm.P256)]
    [InlineData(KeyAlgorithm.P384)]
    [InlineData(KeyAlgorithm.Rsa2048)]
    public async Task A_key_is_made_on_the_token_found_again_and_its_signatures_verify(KeyAlgorithm algorithm)
    {
        using var made = await _keys.CreateAsync(Address, algorithm, Stop);
        using var found = await _keys.OpenAsync(Address, Stop);
        Assert.Equal(made.PublicKeyInfo.ToArray(), found.PublicKeyInfo.ToArray());
        var content = RandomNumberGenerator.GetBytes(300);
        var signatures = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => found.SignAsync(content, Stop)));
        Assert.All(signatures, signature => Assert.True(Verifies(found, content, signature)));
    }

    [Fact]
    public async Task A_token_that_is_lost_is_told_and_works_again_when_it_is_back()
    {
        var key = await _keys.CreateAsync(Address, KeyAlgorithm.P256, Stop);
        _token.TakeAway();
        await Assert.ThrowsAsync<KeyUnavailableException>(() => key.SignAsync(new byte[] { 1 }, Stop));
        Assert.Equal(KeyState.Lost, (await Assert.ThrowsAsync<KeyUnavailableException>(() => _keys.OpenAsync(Address, Stop))).State);
        _token.PutBack();
        using var back = await _keys.OpenAsync(Address, Stop);
        Assert.True(Verifies(back, [1], await back.SignAsync(new byte[] { 1 }, Stop)));
    }

    [Fact]
    public async Task A_wrong_PIN_is_told_tried_once_and_the_right_one_works_at_once()
    {
        using (var before = new TokenKeys(TimeProvider.System, TimeSpan.FromMinutes(1)))
        using (await before.CreateAsync(Address, KeyAlgorithm.P256, Stop))
        {
        }

        using var keys = new TokenKeys(TimeProvider.System, TimeSpan.FromMinutes(1));
        _token.WritePin("00000000");
        var first = await Assert.ThrowsAsync<KeyUnavailableException>(() => keys.OpenAsync(Address, Stop));
        Assert.Equal(KeyState.Locked, first.State);
        Assert.DoesNotContain("00000000", first.Message, StringComparison.Ordinal);
        var second = await Assert.ThrowsAsync<KeyUnavailableException>(() => keys.OpenAsync(Address, Stop));
        Assert.Equal(KeyState.Locked, second.State);
        Assert.Null(second.InnerException);
        _token.WritePin(SoftToken.Pin);
        using var back = await keys.OpenAsync(Address, Stop);
        Assert.True(Verifies(back, [1], await back.SignAsync(new byte[] { 1 }, Stop)));
    }

    [Fact]
    public async Task A_token_that_does_not_answer_in_time_is_told_at_once_while_it_does_not()
    {
        var time = new FakeTimeProvider();
        using var worker = new TokenWorker("slow", TimeSpan.FromSeconds(5), time);
        using var answer = new ManualResetEventSlim();
        var first = worker.AskAsync(
            () =>
            {
                answer.Wait(Stop);
                return 1;
            },
            Stop);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeyState.Slow, (await Assert.ThrowsAsync<KeyUnavailableException>(() => first)).State);
        Assert.Equal(KeyState.Slow, (await Assert.ThrowsAsync<KeyUnavailableException>(() => worker.AskAsync(() => 2, Stop))).State);

        answer.Set();
        while (true)
        {
            try
            {
                Assert.Equal(3, await worker.AskAsync(() => 3, Stop));
                break;
            }
            catch (KeyUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData("pkcs11:token=perennial")]
    [InlineData("pkcs11:object=a?module-path=/x")]
    public async Task An_address_without_token_or_module_is_told(string text)
    {
        Assert.True(KeyAddress.TryParse(text, out var address));
        Assert.Equal(KeyState.Lost, (await Assert.ThrowsAsync<KeyUnavailableException>(() => _keys.OpenAsync(address, Stop))).State);
    }

    private static bool Verifies(IIssuerKey key, byte[] content, byte[] signature)
    {
        if (key.Algorithm.IsRsa)
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.PublicKeyInfo.Span, out _);
            return rsa.VerifyData(content, signature, key.Algorithm.Hash, RSASignaturePadding.Pkcs1);
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.PublicKeyInfo.Span, out _);
        return ecdsa.VerifyData(content, signature, key.Algorithm.Hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
