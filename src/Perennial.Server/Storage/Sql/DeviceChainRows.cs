using System.Security.Cryptography;
using Perennial.Hub.Devices;
using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Keeps what the preview of a change needs of each device: its last accepted chain, how it is judged, and its hub.</summary>
internal static class DeviceChainRows
{
    /// <summary>A device that counts with its class.</summary>
    public const int WithClass = 0;

    /// <summary>An individual enrollment decides about the device.</summary>
    public const int ByEnrollment = 1;

    /// <summary>The device is judged alone.</summary>
    public const int Alone = 2;

    // Stands behind the name of a hub where the identity does not follow the enrollment, as the SQL here says it too. No name of a hub has a space.
    private const string OfItsOwn = " own";

    /// <summary>Notes a chain that an enrollment accepted.</summary>
    public static void Write(SqlSession session, Sighting sighting, CertificateChain chain, Thumbprint anchor)
    {
        var (device, leaf) = (Keys.Of(sighting.Device), chain.Leaf);
        var issuers = chain.Issuers.SelectMany(issuer => issuer.Thumbprint.ToArray()).ToArray();
        var shape = SHA256.HashData([.. anchor.ToArray(), .. issuers]);
        if (session.Prepared(
            "UPDATE device_chain SET at = $at WHERE device = $device AND leaf = $leaf AND shape = $shape",
            ("$at", sighting.At.UtcTicks),
            ("$device", device),
            ("$leaf", leaf.Thumbprint.ToArray()),
            ("$shape", shape)).ExecuteNonQuery() == 0
            && !IsRetired(session, leaf.Thumbprint))
        {
            var found = ChainClass.Of(chain, anchor, RecordOf(session, leaf)) is { } digest ? NumberOf(session, digest) : (long?)null;
            Upsert(session, sighting, leaf, issuers, shape, found);
        }
    }

    /// <summary>
    /// An enrollment accepted a token of the device: it proves itself by a key now, and its last chain says nothing of it any more. But one that obtained
    /// a leaf under its key uses both.
    /// </summary>
    public static void Forget(SqlSession session, Sighting sighting) => session.Prepared(
        """
        UPDATE device_chain SET standing = $standing, shape = NULL, class = NULL, leaf = NULL, issuers = NULL, not_after = NULL, last_day = NULL, at = $at
        WHERE device = $device AND leaf IS NOT NULL AND coalesce(at, 0) <= $at AND NOT EXISTS (SELECT 1 FROM issued_leaf i WHERE i.thumbprint = device_chain.leaf)
        """,
        ("$standing", ByEnrollment),
        ("$device", Keys.Of(sighting.Device)),
        ("$at", sighting.At.UtcTicks)).ExecuteNonQuery();

    /// <summary>An individual enrollment was saved or deleted.</summary>
    public static void NoteEnrollment(SqlSession session, string device, bool exists) => session.Prepared(
        "UPDATE device_chain SET standing = $standing WHERE device = $device",
        ("$standing", exists ? ByEnrollment : Alone),
        ("$device", device)).ExecuteNonQuery();

    /// <summary>A leaf was revoked: its device no longer counts with the others of its class.</summary>
    public static void NoteRevoked(SqlSession session, string device, Thumbprint leaf) => session.Prepared(
        "UPDATE device_chain SET standing = $alone WHERE device = $device AND leaf = $leaf AND standing = $with",
        ("$alone", Alone),
        ("$device", device),
        ("$leaf", leaf.ToArray()),
        ("$with", WithClass)).ExecuteNonQuery();

    /// <summary>A device or its leaf was blocked.</summary>
    public static void NoteBlocked(SqlSession session, Block block) => session.Prepared(
        "UPDATE device_chain SET standing = $alone WHERE standing = $with AND (device = $device OR leaf = $leaf)",
        ("$alone", Alone),
        ("$with", WithClass),
        ("$device", Keys.Of(block.Name)),
        ("$leaf", Thumbprint.TryParse(block.Name, out var leaf) ? leaf.ToArray() : null)).ExecuteNonQuery();

    /// <summary>
    /// The identity of a device on a hub was changed: it may have begun or ceased to follow an enrollment, or to have a credential of its own. Where one
    /// follows the enrollment, another with a credential of its own stands back, and comes into its place when it goes. The rows of the identities are written.
    /// </summary>
    public static void NoteIdentity(SqlSession session, string hub, DeviceIdentity? before, DeviceIdentity? after)
    {
        var (left, come) = (PlaceOf(hub, before), PlaceOf(hub, after));
        if (left is var (gone, there) && left != come
            && session.Prepared("UPDATE device_chain SET hub = '' WHERE device = $device AND hub = $hub", ("$device", Keys.Of(gone)), ("$hub", there)).ExecuteNonQuery() > 0
            && FindPlace(session, gone, before!.Id) is { } other)
        {
            NotePlace(session, gone, other);
        }

        if (come is var (device, place))
        {
            NotePlace(session, device, place);
        }
    }

    /// <summary>Whether the identity on a hub, as it is noted, follows the device's enrollment.</summary>
    public static bool IsFollowing(string hub) => hub.Length > 0 && !hub.EndsWith(OfItsOwn, StringComparison.Ordinal);

    private static (string Device, string Hub)? PlaceOf(string hub, DeviceIdentity? identity) => identity switch
    {
        { IsEnabled: true, Id.IsModule: false, Credential: DeviceCredential.FollowsEnrollment { RegistrationId: var id } } => (id, hub),
        { IsEnabled: true, Id.IsModule: false } => (identity.Id.Value, hub + OfItsOwn),
        _ => null,
    };

    private static void NotePlace(SqlSession session, string device, string place) => session.Prepared(
        """
        INSERT INTO device_chain (device, name, hub, standing) VALUES ($device, $name, $hub, $standing)
        ON CONFLICT (device) DO UPDATE SET hub = excluded.hub
        WHERE device_chain.hub <> excluded.hub AND (device_chain.hub = '' OR device_chain.hub LIKE '% own' OR excluded.hub NOT LIKE '% own')
        """,
        ("$device", Keys.Of(device)),
        ("$name", device),
        ("$hub", place),
        ("$standing", ByEnrollment)).ExecuteNonQuery();

    // Hubs compare ids with case: each is asked for the id of the identity that left, and for the device's as it was registered and as it spells itself.
    private static string? FindPlace(SqlSession session, string device, DeviceId left)
    {
        var key = Keys.Of(device);
        var name = session.Prepared("SELECT name FROM device_chain WHERE device = $device", ("$device", key)).ExecuteScalar() as string;
        var ids = new[] { device, name }.OfType<string>().Select(DeviceRows.Id).Prepend(left).Distinct().ToList();
        var places = HubsOf(session)
            .SelectMany(hub => ids.Select(id => PlaceOf(hub, DeviceRows.Find(session, hub, id))).OfType<(string Device, string Hub)>())
            .Where(place => Keys.Of(place.Device) == key)
            .Select(place => place.Hub)
            .ToList();
        return places.Find(IsFollowing) ?? places.LastOrDefault();
    }

    // From one hub to the next by the index, without a look at their many devices.
    private static List<string> HubsOf(SqlSession session)
    {
        var hubs = new List<string>();
        while (session.Prepared(
            "SELECT hub FROM device WHERE hub > $hub ORDER BY hub LIMIT 1", ("$hub", hubs.LastOrDefault(""))).ExecuteScalar() is string next)
        {
            hubs.Add(next);
        }

        return hubs;
    }

    private static void Upsert(SqlSession session, Sighting sighting, Certificate leaf, byte[] issuers, byte[] shape, long? number) => session.Prepared(
        """
        INSERT INTO device_chain (device, name, hub, standing, shape, class, leaf, issuers, not_after, last_day, at)
        VALUES ($device, $name, '', CASE WHEN EXISTS (SELECT 1 FROM enrollment WHERE kind = 0 AND key = $device) THEN 1 ELSE $standing END,
            $shape, $class, $leaf, $issuers, $not_after, $last_day, $at)
        ON CONFLICT (device) DO UPDATE SET name = excluded.name, standing = excluded.standing, shape = excluded.shape, class = excluded.class,
            leaf = excluded.leaf, issuers = excluded.issuers, not_after = excluded.not_after, last_day = excluded.last_day, at = excluded.at
        WHERE coalesce(device_chain.at, 0) <= excluded.at
        """,
        ("$device", Keys.Of(sighting.Device)),
        ("$name", sighting.Device),
        ("$standing", number is null ? Alone : WithClass),
        ("$shape", shape),
        ("$class", number),
        ("$leaf", leaf.Thumbprint.ToArray()),
        ("$issuers", issuers),
        ("$not_after", leaf.NotAfter.UtcTicks),
        ("$last_day", leaf.NotAfter.UtcTicks / TimeSpan.TicksPerDay),
        ("$at", sighting.At.UtcTicks)).ExecuteNonQuery();

    private static bool IsRetired(SqlSession session, Thumbprint leaf) => session.Prepared(
        "SELECT 1 FROM issued_leaf WHERE thumbprint = $thumbprint AND retired IS NOT NULL", ("$thumbprint", leaf.ToArray())).ExecuteScalar() is not null;

    private static string? RecordOf(SqlSession session, Certificate leaf)
    {
        using var row = session.Prepared(
            """
            SELECT l.kind, l.key, l.alone, l.chain,
                (SELECT max(i.slot) FROM issuance i WHERE i.device = l.registration AND i.certificate = $der)
            FROM issued_leaf l WHERE l.thumbprint = $thumbprint
            """,
            ("$thumbprint", leaf.Thumbprint.ToArray()),
            ("$der", leaf.Der.ToArray())).ExecuteReader();
        return row.Read()
            ? $"{row.GetInt64(0)} {row.GetInt64(2)} {row.GetString(1)} {Above(row.GetString(3))}{(row.IsDBNull(4) ? "" : $" {row.GetString(4)}")}"
            : null;
    }

    // The authorities that issued it, without the leaf: some of them are in no chain that a device presents.
    private static string Above(string chain) =>
        chain.IndexOf("-----BEGIN", 1, StringComparison.Ordinal) is var second and > 0 ? Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(chain[second..]))) : "";

    private static long NumberOf(SqlSession session, Thumbprint digest) =>
        Find(session, digest)
        ?? (long)session.Prepared(
            "INSERT INTO chain_class (digest) VALUES ($digest) ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING number",
            ("$digest", digest.ToArray())).ExecuteScalar()!;

    private static long? Find(SqlSession session, Thumbprint digest) =>
        session.Prepared("SELECT number FROM chain_class WHERE digest = $digest", ("$digest", digest.ToArray())).ExecuteScalar() as long?;
}
