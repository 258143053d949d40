using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Connections;
using Perennial.Server.Instances;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Tls;

public sealed class ServerCertificateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_certificate_is_rolled_under_the_same_root_when_a_third_of_its_life_is_left()
    {
        await using var instance = ServedInstance.Open(_time);
        var certificate = ServerCertificate.Open(instance.Instance, _time);
        var bundle = await File.ReadAllTextAsync(instance.Instance.TrustBundle, TestContext.Current.CancellationToken);
        var (first, root) = (certificate.Current.TargetCertificate.SerialNumber, certificate.AnchorThumbprint);

        _time.Advance(SelfMadeIssuer.ServerLife * 2 / 3);
        Assert.False(certificate.Roll());
        Assert.Equal(first, certificate.Current.TargetCertificate.SerialNumber);

        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(certificate.Roll());
        Assert.NotEqual(first, certificate.Current.TargetCertificate.SerialNumber);
        Assert.Equal(root, ServerCertificate.Open(instance.Instance, _time).AnchorThumbprint);
        Assert.Equal(bundle, await File.ReadAllTextAsync(instance.Instance.TrustBundle, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_root_that_is_gone_is_told_and_not_replaced()
    {
        await using var instance = ServedInstance.Open(_time);
        File.Delete(Path.Combine(instance.Instance.KeysFolder, "root.pem"));

        var exception = Assert.Throws<OperatorException>(() => ServerCertificate.Open(instance.Instance, _time));

        Assert.Contains("Restore both from a backup", exception.Message, StringComparison.Ordinal);
    }
}
