using Perennial.Hub.Devices;
using Perennial.Hub.Twins;
using Perennial.Provisioning;

namespace Perennial.Server.Storage;

/// <summary>Writes of device identities that are part of a registration's transaction.</summary>
internal interface IAssignmentStore
{
    /// <summary>
    /// Creates the identity with its twin; one that is there already gets the new credential and keeps the rest. With
    /// <paramref name="from"/> it leaves that place, and its state, and with <paramref name="keepsTwin"/> its twin, come along.
    /// </summary>
    IPendingWrite Assign(AssignedPlace to, DeviceIdentity device, Twin twin, AssignedPlace? from, bool keepsTwin, string actor);

    /// <summary>Writes the identity and the twin that come from a hub outside, over what may be there.</summary>
    IPendingWrite Receive(AssignedPlace to, DeviceIdentity device, Twin twin, string actor);

    /// <summary>Deletes the identity with its twin.</summary>
    IPendingWrite Remove(AssignedPlace place, string actor);
}
