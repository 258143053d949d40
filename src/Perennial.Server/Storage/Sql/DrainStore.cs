using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The order of drains in SQL.</summary>
internal sealed class DrainStore(SqlDatabase database) : IDrainStore
{
    // Devices that wait ask often: only who is let through writes.
    public async Task<DrainTurn> TakeAsync(Block drain, RegistrationId device, Thumbprint? leaf, DateTimeOffset at, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => DrainRows.Look(session, drain, device.Value, leaf, at), cancellationToken)
        ?? await database.WriteAsync(
            session =>
            {
                if (DrainRows.Look(session, drain, device.Value, leaf, at) is { } turn)
                {
                    return turn;
                }

                DrainRows.Admit(session, drain, device.Value, at);
                return new DrainTurn.Granted();
            },
            cancellationToken);

    public Task<IReadOnlyList<Block>> ListUnorderedAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Block>>(BlockRows.ListUnordered, cancellationToken);

    public Task NoteAsync(Block drain, IReadOnlyList<string> devices, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            foreach (var device in devices)
            {
                DrainRows.Note(session, drain, device);
            }

            return true;
        },
        cancellationToken);

    public Task OrderAsync(Block drain, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            DrainRows.Order(session, drain, at);
            return true;
        },
        cancellationToken);

    public Task<DrainProgress?> ReadAsync(BlockKind kind, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DrainRows.Read(session, kind, name), cancellationToken);
}
