using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Fleet;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>Enables, disables or deletes many enrollments, each by its use case, with an audit row of its own.</summary>
internal sealed class ChangeMany(EnrollmentListStore list, IEnrollmentStore enrollments, SaveEnrollment save, DeleteEnrollment delete)
{
    private const int Part = 200;

    /// <summary>What can be done: enable, disable, delete; null for something else.</summary>
    public static string? ActOf(string? text) => text is "enable" or "disable" or "delete" ? text : null;

    /// <summary>Changes everything that matches when it is come to.</summary>
    public async Task<(long Changed, long Failed)> RunAsync(EnrollmentFilter filter, string act, string actor, CancellationToken cancellationToken)
    {
        var (changed, failed) = (0L, 0L);
        for (string? after = null; ;)
        {
            var keys = await list.FindAsync(filter, after, Part, cancellationToken);
            var part = await RunAsync(keys, act, actor, cancellationToken);
            (changed, failed) = (changed + part.Changed, failed + part.Failed);
            if (keys.Count < Part)
            {
                return (changed, failed);
            }

            after = keys[^1].Id;
        }
    }

    public async Task<(long Changed, long Failed)> RunAsync(
        IReadOnlyList<EnrollmentKey> keys, string act, string actor, CancellationToken cancellationToken)
    {
        // Writes that wait together are committed together.
        var done = await Task.WhenAll(keys.Select(key => ChangeAsync(key, act, actor, cancellationToken)));
        return (done.LongCount(isDone => isDone), done.LongCount(isDone => !isDone));
    }

    private async Task<bool> ChangeAsync(EnrollmentKey key, string act, string actor, CancellationToken cancellationToken)
    {
        if (act == "delete")
        {
            return await delete.RunAsync(key, etag: null, actor, cancellationToken) == DeleteOutcome.Deleted;
        }

        if (await enrollments.FindAsync(key, cancellationToken) is not { } enrollment)
        {
            return false;
        }

        var isEnabled = act == "enable";
        return enrollment.IsEnabled == isEnabled
            || await save.RunAsync(EnrollmentDraft.Of(enrollment) with { IsEnabled = isEnabled }, enrollment.ETag, actor, cancellationToken) is SaveOutcome.Saved;
    }
}
