namespace Perennial.X509.Tests;

public sealed class SignatureCacheTests
{
    [Fact]
    public void What_was_remembered_is_found_under_the_same_certificate_and_key_only()
    {
        var cache = new SignatureCache();
        cache.Remember(Name(1), Name(2), verified: true);
        cache.Remember(Name(3), Name(2), verified: false);
        Assert.True(cache.TryGet(Name(1), Name(2), out var first) && first);
        Assert.True(cache.TryGet(Name(3), Name(2), out var second) && !second);
        Assert.False(cache.TryGet(Name(2), Name(1), out _));
    }

    [Fact]
    public void The_cache_stays_within_its_capacity_and_keeps_what_is_in_use()
    {
        var cache = new SignatureCache(100);
        cache.Remember(Name(0), Name(0), verified: true);
        for (var i = 1; i < 10_000; i++)
        {
            cache.Remember(Name(i), Name(i), verified: true);
            Assert.True(cache.TryGet(Name(0), Name(0), out _));
            Assert.InRange(cache.Count, 1, 100);
        }
    }

    [Fact]
    public void Many_threads_never_find_what_was_not_remembered()
    {
        var cache = new SignatureCache(1_000);
        Parallel.For(0, 20_000, i =>
        {
            cache.Remember(Name(i % 3_000), Name(1), (i % 3_000) % 2 == 0);
            if (cache.TryGet(Name(i % 2_999), Name(1), out var verified))
            {
                Assert.Equal((i % 2_999) % 2 == 0, verified);
            }
        });
        Assert.InRange(cache.Count, 1, 1_000);
    }

    private static Thumbprint Name(int number) => Thumbprint.Of(BitConverter.GetBytes(number));
}
