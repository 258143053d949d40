using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Sightings;
using Perennial.Server.Http;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>Puts the service API of provisioning together: what operators' tools ask.</summary>
internal sealed class ServiceApiComposition(
    ServiceCall call,
    SqlDatabase database,
    IEnrollmentStore enrollments,
    IRegistrationStore registrations,
    ISightingStore sightings,
    LinkedHubs linked,
    ChainPolicy policy,
    TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var save = new SaveEnrollment(enrollments, linked, time);
        var delete = new DeleteEnrollment(enrollments, linked);
        var retire = new RetireCertificate(enrollments, sightings, save);
        foreach (EnrollmentForm form in new EnrollmentForm[] { new IndividualEnrollmentForm(), new EnrollmentGroupForm() })
        {
            new EnrollmentEndpoints(form, call, enrollments, registrations, save, delete).Map(routes);
            new EnrollmentBulkEndpoint(form, call, enrollments, save, delete).Map(routes);
            new RollingEndpoints(form, call, enrollments, sightings, retire).Map(routes);
        }

        new RegistrationEndpoints(call, registrations).Map(routes);
        new SightingEndpoints(call, sightings).Map(routes);
        var certificates = new CaCertificateStore(database, time);
        new CaCertificateEndpoints(call, certificates, new ChangeCaCertificate(certificates, linked, policy, time)).Map(routes);
    }
}
