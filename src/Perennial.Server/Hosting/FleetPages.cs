using Perennial.Server.Portal;
using Perennial.Server.Portal.Refusals;
using Perennial.Server.Portal.Registrations;
using Perennial.Server.Portal.Trail;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>The portal's pages of devices, of trust and of the service put together.</summary>
internal static class FleetPages
{
    public static IEnumerable<IPortalPages> Of(PortalSurroundings around, TimeProvider time)
    {
        var database = around.Database;
        var registrations = new RegistrationStore(database, time);
        var device = new FindDevice(
            registrations,
            new EnrollmentStore(database, time),
            new IssuedLeafStore(database),
            new SightingStore(database),
            new PresentedStore(database),
            around.Hubs,
            time);
        yield return new RegistrationListPages(new RegistrationListStore(database), time);
        yield return new DevicePages(device, registrations, around.Hubs, new DisconnectDevice(new AuditNotes(database, time)));
        yield return new RefusalPages(new RefusalListStore(database), around.Refusals.Recent, device, time);
        yield return new TrailPages(new AuditStore(database), time);
    }
}
