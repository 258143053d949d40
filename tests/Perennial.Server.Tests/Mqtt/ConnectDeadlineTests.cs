using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Connections;
using Perennial.Server.Mqtt;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Mqtt;

public sealed class ConnectDeadlineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("107F0004")]
    public async Task A_CONNECT_that_does_not_come_in_ten_seconds_ends_the_connection(string sent)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var instance = await ServedInstance.Open(time).ComposeAsync();
        var pair = new PipePair();
        var aborted = new TaskCompletionSource();
        var channel = new MqttChannel(pair.Server, MqttEnd.Server, time, aborted.SetResult);
        await pair.Client.Output.WriteAsync(Convert.FromHexString(sent), TestContext.Current.CancellationToken);

        var serving = instance.Parts.DeviceConnections.ServeAsync(channel, new PresentedCertificates(), null, CancellationToken.None);
        time.Advance(DeviceConnectionHandler.ConnectTime - TimeSpan.FromMilliseconds(1));
        Assert.False(serving.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        await serving.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(aborted.Task.IsCompleted);
    }
}
