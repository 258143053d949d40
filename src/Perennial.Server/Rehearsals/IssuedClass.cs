using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Rehearsals;

/// <summary>A class of devices that are issued their leaves alike.</summary>
/// <param name="Key">Tells it from the others.</param>
/// <param name="Name">What it is called in findings.</param>
/// <param name="Enrollment">The enrollment that its devices come by, or, of individual ones, that of one of them; null when they have none any more.</param>
/// <param name="HasFreeSlot">Of devices whose leaf stands in their own enrollment: whether the next one finds a place there.</param>
internal sealed record IssuedClass(string Key, string Name, Enrollment? Enrollment, bool HasFreeSlot);
