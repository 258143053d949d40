using System.Threading.Channels;

namespace Perennial.Server.Sandbox.Story;

/// <summary>The acts of the story, told by one and watched by others.</summary>
internal sealed class StoryBoard(TimeProvider time)
{
    private readonly Channel<StoryAct> _ended = Channel.CreateUnbounded<StoryAct>();

    public IReadOnlyList<StoryAct> Acts { get; } =
    [
        new(1, "enroll: half individually, half as one group", time),
        new(2, "provision, connect, send telemetry", time),
        new(3, "roll individual devices: new leaf in the secondary slot", time),
        new(4, "roll group devices: new leaf, same intermediate", time),
        new(5, "roll the intermediate: new one in the secondary slot", time),
        new(6, "retire the old certificates by proof of use", time),
        new(7, "drain: compare telemetry sent and received", time),
    ];

    /// <summary>The acts as they end.</summary>
    public IAsyncEnumerable<StoryAct> EndedAsync(CancellationToken cancellationToken) => _ended.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Runs one act.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="total">Devices that take part.</param>
    /// <param name="act">Counts the devices, and says in the end what there was to see.</param>
    public async Task PlayAsync(int number, int total, Func<StoryAct, Task<string>> act)
    {
        var played = Acts[number - 1];
        played.Begin(total);
        played.End(await act(played));
        await _ended.Writer.WriteAsync(played);
    }

    /// <summary>No act follows.</summary>
    public void Close() => _ended.Writer.TryComplete();
}
