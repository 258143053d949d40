using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Registry;

/// <summary>The back end changes tags and desired properties; a connected device is told once the change is stored.</summary>
public sealed class UpdateTwin(ITwinStore twins, SessionRegistry sessions, TimeProvider time) : IDisposable
{
    // A device is told of versions in ascending order: its changes wait for each other from the write to the telling.
    private readonly SemaphoreSlim[] _order = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Merges; a null section stays as it is.</summary>
    /// <returns>What became of it; null when there is no such device.</returns>
    public Task<TwinChange?> MergeAsync(
        DeviceId id, JsonElement? tags, JsonElement? desired, string? etag, CancellationToken cancellationToken) =>
        RunAsync(id, tags, desired, etag, (twin, checkedTags, checkedDesired) => twin.Merge(checkedTags, checkedDesired, time.GetUtcNow()), cancellationToken);

    /// <summary>Merges checked sections, stored in a way of the caller's.</summary>
    /// <param name="id">The device.</param>
    /// <param name="tags">The change of the tags; null for none.</param>
    /// <param name="desired">The change of the desired properties; null for none.</param>
    /// <param name="store">Reads the twin, applies the change and writes what it makes.</param>
    /// <param name="cancellationToken">Stops waiting for other changes of the device.</param>
    /// <returns>What became of it; null when it was not stored.</returns>
    public Task<TwinChange?> MergeAsync(
        DeviceId id,
        TwinPatch? tags,
        TwinPatch? desired,
        Func<DeviceId, Func<Twin, TwinChange>, Task<TwinChange?>> store,
        CancellationToken cancellationToken) => InTurnAsync(id, twin => twin.Merge(tags, desired, time.GetUtcNow()), store, cancellationToken);

    /// <summary>Replaces all tags and all desired properties; a null section becomes empty.</summary>
    /// <returns>What became of it; null when there is no such device.</returns>
    public Task<TwinChange?> ReplaceAsync(
        DeviceId id, JsonElement? tags, JsonElement? desired, string? etag, CancellationToken cancellationToken) => RunAsync(
            id,
            tags,
            desired,
            etag,
            (twin, checkedTags, checkedDesired) => twin.Replace(checkedTags ?? TwinPatch.Empty, checkedDesired ?? TwinPatch.Empty, time.GetUtcNow()),
            cancellationToken);

    public void Dispose() => Array.ForEach(_order, turn => turn.Dispose());

    private async Task<TwinChange?> RunAsync(
        DeviceId id,
        JsonElement? tags,
        JsonElement? desired,
        string? etag,
        Func<Twin, TwinPatch?, TwinPatch?, TwinChange> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!TryCheck(tags, out var checkedTags, out var fault) || !TryCheck(desired, out var checkedDesired, out fault))
        {
            return new TwinChange.Refused(fault);
        }

        return await InTurnAsync(
            id,
            twin => Matches(twin, etag) ? change(twin, checkedTags, checkedDesired) : Stale(twin),
            (device, apply) => twins.ChangeAsync(device, apply, CancellationToken.None),
            cancellationToken);
    }

    private async Task<TwinChange?> InTurnAsync(
        DeviceId id,
        Func<Twin, TwinChange> change,
        Func<DeviceId, Func<Twin, TwinChange>, Task<TwinChange?>> store,
        CancellationToken cancellationToken)
    {
        var turn = _order[(uint)id.GetHashCode() % _order.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            var outcome = await store(id, change);
            if (outcome is TwinChange.Changed { Notice: { } notice })
            {
                sessions.Find(id)?.Connection.DesiredChanged(notice);
            }

            return outcome;
        }
        finally
        {
            turn.Release();
        }
    }

    private static bool TryCheck(JsonElement? json, out TwinPatch? patch, [NotNullWhen(false)] out TwinFault? fault)
    {
        patch = null;
        fault = null;
        return json is not { } given || TwinPatch.TryCreate(given, out patch, out fault);
    }

    private static bool Matches(Twin twin, string? etag) => etag is null || string.Equals(etag, twin.ETag, StringComparison.Ordinal);

    private static TwinChange.Refused Stale(Twin twin) =>
        new TwinChange.Refused(new TwinFault(TwinFaultKind.PreconditionFailed, $"The twin's ETag is {twin.ETag}."));
}
