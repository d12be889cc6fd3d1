-- Splitting and merging parcels (图斑分割、合并) is also the work of the unit they lie in: its people enter and remove rows there.
-- Who of them is judged by the program; the district's office did so before.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP POLICY app_insert ON parcel;
DROP POLICY app_delete ON parcel;
CREATE POLICY app_insert ON parcel FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.may_write()) AND
    ((SELECT guatu.whole()) OR ((SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]))));
CREATE POLICY app_delete ON parcel FOR DELETE TO guatu_app USING ((SELECT guatu.may_write()) AND
    ((SELECT guatu.whole()) OR ((SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]))));
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP POLICY app_insert ON parcel;
DROP POLICY app_delete ON parcel;
CREATE POLICY app_insert ON parcel FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
CREATE POLICY app_delete ON parcel FOR DELETE TO guatu_app USING ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
RESET ROLE;
